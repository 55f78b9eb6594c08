"""The composition root: opens every part, hands it to those who need it, closes in reverse."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bot.chat.announcement import Announcement
from bot.chat.client import Client, redirect
from bot.chat.posting.delivery import Delivery
from bot.chat.posting.log_channels import LogChannels
from bot.chat.posting.operator import OperatorMessages
from bot.chat.session import connected, log_in, unless_stopped
from bot.cloud import Reread, learning, open_catalogue, open_probe, open_providers
from bot.domain.engines.catalogue import Catalogue
from bot.imaging.uploads.fence import Fence
from bot.ports.clock import Clock
from bot.ports.pictures import Fetch, Intake
from bot.ports.provider import Provider
from bot.providers.probe import Probe
from bot.providers.tencent.results import Results
from bot.services.engines import Engines, Tell
from bot.services.jobs import Jobs
from bot.services.notices import Notices
from bot.services.own_jobs import OwnJobs
from bot.services.packages import Packages
from bot.services.queue import Queue
from bot.services.quotas import Quotas
from bot.services.repeats import Repeats
from bot.services.settings import GuildSettings
from bot.services.standings import LineStandings
from bot.services.uploads import Uploads
from bot.settings.config import Settings, SettingsError
from bot.watch.logs import Mask
from bot.worker.finisher import Finisher
from bot.worker.loop import Worker
from bot.worker.pruner import Keep, Pruner
from bot.worker.runner import Runner
from bot.worker.waiting import WaitingBoard
from cogs.making.again import Again
from cogs.making.blend import Blend
from cogs.making.imagine import Imagine
from cogs.making.restyle import Restyle
from cogs.making.tool import Tool
from cogs.mine.cancel import Cancel
from cogs.mine.jobs import MyJobs
from cogs.mine.result import Result
from cogs.moderating.queue import QueueCommands
from cogs.moderating.quota import QuotaCommands
from cogs.moderating.settings import SettingsCommands
from storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class App:
    """The running parts that commands and tests look at."""

    client: Client
    storage: Storage
    catalogue: Catalogue
    jobs: Jobs
    engines: Engines
    packages: Packages
    worker: Worker


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the services and the worker are made of."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue
    providers: dict[str, Provider]
    delivery: Delivery
    standings: LineStandings
    engines: Engines
    notices: Notices
    now: Clock


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    now: Clock,
    with_worker: bool = True,
    reread: Reread | None = None,
) -> None:
    """Run the bot until `stop` is set, or one of its parts breaks; raises what `running` does."""
    async with running(settings, stop, now=now, with_worker=with_worker, reread=reread):
        await stop.wait()


@asynccontextmanager
async def running(
    settings: Settings,
    stop: asyncio.Event,
    *,
    now: Clock,
    with_worker: bool = True,
    reread: Reread | None = None,
) -> AsyncIterator[App]:
    """Log in, work in the background, and on leaving drain and log out.

    A part that breaks sets `stop`, which whoever holds this open has to watch; what broke is raised
    on leaving: SettingsError for a token that Discord does not take, GatewayEnded, StorageFault.
    `reread` reads the settings anew when the cloud refuses its key.
    """
    token = settings.variables.DISCORD_TOKEN
    if token is None:
        raise SettingsError("DISCORD_TOKEN: not set")
    opened = open_app(settings, now=now, reread=reread, is_claiming=with_worker)
    async with opened as app:
        logging_in = log_in(app.client, token.get_secret_value(), now=now)
        if not await unless_stopped(stop, logging_in):
            yield app
            return
        work = app.worker.run(stop) if with_worker else None
        beside = (app.engines.run(), app.packages.run())
        async with connected(app.client, stop, beside=beside, work=work):
            yield app


@asynccontextmanager
async def open_app(
    settings: Settings, *, now: Clock, reread: Reread | None = None, is_claiming: bool = True
) -> AsyncIterator[App]:
    """Open storage, providers and the client, logged out; everything is closed on leaving.

    `is_claiming`: this process works on jobs, which on SQLite one process at a time may.
    """
    variables = settings.variables
    if variables.EASEL_DISCORD_API:
        redirect(variables.EASEL_DISCORD_API)
    async with (
        open_storage(settings.database_url, variables.EASEL_DATA_DIR) as storage,
        storage.serving(is_claiming=is_claiming),
        Fence() as fence,
        httpx.AsyncClient() as http,
        _client(settings, storage) as client,
    ):
        mask = Mask(settings.secrets)
        reread = reread and learning(mask, reread)
        providers = open_providers(
            settings, http, now=now, rate_limits=storage.rate_limits, reread=reread
        )
        catalogue = open_catalogue(settings, providers)
        probe = open_probe(settings, http, now=now, reread=reread)
        operator, post = OperatorMessages(client, mask), LogChannels(client).post
        engines = await _engines(storage, catalogue, operator.tell, probe, now)
        packages = await _packages(settings, storage, operator, now)
        quotas = Quotas(store=storage.quotas, ceilings=settings.ceilings, now=now)
        queue = _queue(settings, storage, now)
        parts = _Parts(
            settings=settings,
            storage=storage,
            catalogue=catalogue,
            providers=providers,
            delivery=Delivery(client, posts=storage.jobs, now=now),
            standings=_standings(settings, storage, queue, quotas, now),
            engines=engines,
            notices=Notices(store=storage.quotas, post=post, write=operator.write),
            now=now,
        )
        results = Results(http, endpoints=settings.addresses, hosts=settings.file.results.hosts)
        worker = _worker(parts, results.fetch)
        jobs = _jobs(parts, quotas, fence, worker.ring)
        await _add_commands(client, parts, jobs, _own_jobs(parts, worker.ring))
        up = Announcement(client, catalogue, settings, is_working=is_claiming)
        await client.add_cogs((QueueCommands(queue), QuotaCommands(quotas), up))
        yield App(client, storage, catalogue, jobs, engines, packages, worker)


async def _packages(
    settings: Settings, storage: Storage, operator: OperatorMessages, now: Clock
) -> Packages:
    await storage.packages.keep(settings.packages)
    return Packages(store=storage.packages, write=operator.write, now=now)


def _client(settings: Settings, storage: Storage) -> Client:
    return Client(
        access=settings.access,
        settings=storage.settings,
        operator=settings.operator,
        shards=settings.shards,
    )


def _queue(settings: Settings, storage: Storage, now: Clock) -> Queue:
    return Queue(
        store=storage.operations,
        jobs=storage.jobs,
        limits=settings.run_limits,
        operator=settings.operator,
        now=now,
    )


async def _engines(
    storage: Storage, catalogue: Catalogue, tell: Tell, probe: Probe | None, now: Clock
) -> Engines:
    engines = Engines(
        store=storage.engine_states,
        jobs=storage.jobs,
        catalogue=catalogue,
        tell=tell,
        now=now,
        ask=probe.ask if probe else None,
    )
    await engines.look()
    return engines


def _standings(
    settings: Settings, storage: Storage, queue: Queue, quotas: Quotas, now: Clock
) -> LineStandings:
    return LineStandings(
        store=storage.jobs,
        limits=settings.run_limits,
        now=now,
        note=queue.pause_note,
        job_note=quotas.note,
    )


async def _add_commands(client: Client, parts: _Parts, jobs: Jobs, own_jobs: OwnJobs) -> None:
    storage = parts.storage
    again = Again(jobs, Repeats(store=storage.jobs, blobs=storage.blobs))
    mine = (Cancel(own_jobs), MyJobs(own_jobs), Result(own_jobs), again)
    guild_settings = SettingsCommands(
        GuildSettings(store=storage.quotas, catalogue=parts.catalogue)
    )
    await client.add_cogs((Imagine(jobs), Restyle(jobs), Blend(jobs), Tool(jobs), *mine))
    await client.add_cogs((guild_settings,))


def _jobs(parts: _Parts, quotas: Quotas, intake: Intake, ring: Callable[[], None]) -> Jobs:
    return Jobs(
        store=parts.storage.jobs,
        uploads=Uploads(intake=intake, blobs=parts.storage.blobs, now=parts.now),
        deliverer=parts.delivery,
        standings=parts.standings,
        quotas=quotas,
        notices=parts.notices,
        catalogue=parts.catalogue,
        providers=parts.providers,
        limits=parts.settings.run_limits,
        ring=ring,
        now=parts.now,
    )


def _own_jobs(parts: _Parts, ring: Callable[[], None]) -> OwnJobs:
    return OwnJobs(
        store=parts.storage.jobs,
        blobs=parts.storage.blobs,
        catalogue=parts.catalogue,
        standings=parts.standings,
        deliverer=parts.delivery,
        producer=parts.settings.file.label.producer or "Easel",
        ring=ring,
        now=parts.now,
    )


def _worker(parts: _Parts, fetch: Fetch) -> Worker:
    settings, storage, now = parts.settings, parts.storage, parts.now
    runner = Runner(
        store=storage.jobs,
        blobs=storage.blobs,
        catalogue=parts.catalogue,
        providers=parts.providers,
        watch=parts.engines,
        now=now,
        retry_unknown=settings.file.limits.retry_unknown,
    )
    finisher = Finisher(
        store=storage.jobs,
        blobs=storage.blobs,
        deliverer=parts.delivery,
        catalogue=parts.catalogue,
        fetch=fetch,
        watch=parts.engines,
        producer=settings.file.label.producer or "Easel",
        now=now,
    )
    retention = settings.file.retention
    pruner = Pruner(
        store=storage.retention,
        blobs=storage.blobs,
        keep=Keep(pictures_s=retention.pictures, words_s=retention.prompts),
        now=now,
    )
    board = WaitingBoard(
        store=storage.jobs,
        standings=parts.standings,
        deliverer=parts.delivery,
        pools=tuple(settings.run_limits.pools),
        now=now,
    )
    return Worker(
        store=storage.jobs,
        board=board,
        runner=runner,
        finisher=finisher,
        pruner=pruner,
        retry_unknown=settings.file.limits.retry_unknown,
        limits=settings.run_limits,
        now=now,
    )
