"""What the worker is made of."""

from bot.parts import Parts
from bot.ports.pictures import Fetch
from bot.worker.finisher import Finisher
from bot.worker.loop import Worker
from bot.worker.pruner import Keep, Pruner
from bot.worker.runner import Runner
from bot.worker.waiting import WaitingBoard


def worker_of(parts: Parts, fetch: Fetch) -> Worker:
    """Return what claims and finishes jobs; `fetch` fetches results."""
    settings, storage = parts.settings, parts.storage
    return Worker(
        store=storage.jobs,
        board=WaitingBoard(
            store=parts.storage.jobs,
            standings=parts.standings,
            deliverer=parts.delivery,
            pools=tuple(parts.settings.run_limits.pools),
            now=parts.now,
        ),
        runner=_runner(parts),
        finisher=_finisher(parts, fetch),
        pruner=_pruner(parts),
        retry_unknown=settings.file.limits.retry_unknown,
        limits=settings.run_limits,
        now=parts.now,
    )


def _runner(parts: Parts) -> Runner:
    return Runner(
        store=parts.storage.jobs,
        blobs=parts.storage.blobs,
        catalogue=parts.catalogue,
        providers=parts.providers,
        watch=parts.engines,
        progress=parts.progress,
        now=parts.now,
        retry_unknown=parts.settings.file.limits.retry_unknown,
    )


def _finisher(parts: Parts, fetch: Fetch) -> Finisher:
    return Finisher(
        store=parts.storage.jobs,
        guilds=parts.storage.guild_settings,
        blobs=parts.storage.blobs,
        deliverer=parts.delivery,
        catalogue=parts.catalogue,
        fetch=fetch,
        watch=parts.engines,
        finishing=parts.finishing,
        now=parts.now,
    )


def _pruner(parts: Parts) -> Pruner:
    retention = parts.settings.file.retention
    return Pruner(
        store=parts.storage.retention,
        blobs=parts.storage.blobs,
        keep=Keep(pictures_s=retention.pictures, words_s=retention.prompts),
        now=parts.now,
    )
