"""`easel doctor --paid-test`: one real picture, made as a member's job would be, and its price."""

import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.cloud import open_providers
from bot.config import Settings, SettingsError
from bot.domain.engines import Engine
from bot.domain.errors import OperatorFault, ProviderError
from bot.domain.jobs import Wishes, lowest_job_id_at
from bot.domain.ports import Clock, Work
from bot.domain.wishes import check
from bot.imaging import paint
from bot.imaging.sniff import sniff
from bot.providers.results import Results

_PROMPT = "a small red boat on calm water"
_PICTURE = (640, 480)


@dataclass(frozen=True, slots=True)
class Made:
    """Where the picture is, how long it took and what one costs; 0 = no price is set."""

    file: Path
    seconds: float
    price_usd: float
    request_id: str

    def __str__(self) -> str:
        """Say so in one line."""
        cost = f"{self.price_usd:.4f} USD" if self.price_usd else "unknown, no price is set for it"
        return (
            f"{self.file}: made in {self.seconds:.1f} s, RequestId {self.request_id}; "
            f"cost: {cost}. It is on the cloud's bill and not in the ledger."
        )


class _Unwritten:
    """A journal of a job that is in no queue."""

    async def sending(self) -> None:
        """Take no note: who runs this waits for it."""

    async def accepted(self, task_id: str) -> None:
        """Take no note."""


def engine_of(settings: Settings, name: str) -> Engine:
    """Return the engine of that name; raises SettingsError."""
    engines = {engine.name: engine for engine in settings.engines()}
    if name not in engines:
        raise SettingsError(f"--paid-test: no engine “{name}”; known: {', '.join(engines)}")
    return engines[name]


def price_of(engine: Engine) -> float:
    """Return what the test's picture costs, in USD; 0 = no price is set."""
    return engine.price_of(_work(engine, 0.0).wishes)


async def make(settings: Settings, engine: Engine, folder: Path, *, now: Clock) -> Made:
    """Make one picture and keep it in `folder`, as the API gave it.

    Raises SettingsError, NotPossible or ProviderError.
    """
    work = _work(engine, now())
    async with httpx.AsyncClient() as http:
        provider = open_providers(settings, http, now=now).get(engine.provider)
        if provider is None:
            raise SettingsError(f"--paid-test: {engine.provider} is not set up; `easel doctor`")
        started_at = time.monotonic()
        drawn = await provider.draw(work, _Unwritten())
        hosts = settings.file.results.hosts
        results = Results(http, endpoints=settings.addresses, hosts=hosts)
        pictures = [*drawn.pictures, *[await _fetched(results, url) for url in drawn.urls]]
    picture = pictures[0]
    file = folder / f"paid-test-{engine.name}.{sniff(picture).lower()}"
    file.write_bytes(picture)
    seconds = time.monotonic() - started_at
    return Made(file, seconds, engine.price_of(work.wishes), drawn.request_id)


async def _fetched(results: Results, address: str) -> bytes:
    try:
        return await results.fetch(address)
    except ProviderError as error:
        if isinstance(error.__cause__, OperatorFault):
            raise SettingsError(f"{error.detail}: {error.__cause__.remedy}") from error
        raise


def _work(engine: Engine, now: float) -> Work:
    takes = engine.takes
    needs_picture = "imagine" not in takes.commands
    wishes = Wishes(
        prompt=_PROMPT if takes.prompt_max else "",
        ratio=takes.ratios[0] if takes.extends else None,
    )
    check(engine, wishes, int(needs_picture))
    pictures = (paint.paint(_PROMPT, _PICTURE, seed=1),) if needs_picture else ()
    return Work(job_id=lowest_job_id_at(now), engine=engine, wishes=wishes, pictures=pictures)
