"""`easel doctor --paid-test`: one real picture, made as a member's job would be, and its price."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.checkup.places import check_folder, write
from bot.cloud import open_providers
from bot.domain.engines.engine import Engine
from bot.domain.engines.options import check
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options, lowest_job_id_at
from bot.domain.operator_errors import SettingsError
from bot.domain.provider_errors import OperatorFault, ProviderError
from bot.domain.wording.file_sizes import MIB
from bot.domain.wording.names import nearest
from bot.imaging.files.sniff import sniff
from bot.painting import paint
from bot.ports.clock import Clock
from bot.ports.provider import Provider, Work
from bot.providers.tencent.results import Results
from bot.settings.config import Settings

_PROMPT = "a small red boat on calm water"
_PICTURE = (640, 480)
_OURS = "local"
_ROOM_BYTES = 32 * MIB  # more than any result has
_ELSEWHERE = "Start it in a folder that can be written to."
_NO_NAME = re.compile(r"[^\w.-]")

Agree = Callable[[str], object]
"""Asks a question, and raises when the answer is no."""


@dataclass(frozen=True, slots=True)
class Made:
    """Where the picture is, how long it took and what one costs; 0 = no price is set."""

    file: Path
    seconds: float
    price_usd: float
    request_id: str

    is_ours: bool = False
    """Drawn by this program, and on nobody's bill."""

    def __str__(self) -> str:
        """Say so in one line."""
        made = f"{self.file}: made in {self.seconds:.1f} s"
        if self.is_ours:
            return f"{made} by this program; it cost nothing."
        cost = f"{self.price_usd:.4f} USD" if self.price_usd else "unknown, no price is set for it"
        return (
            f"{made}, RequestId {self.request_id}; cost: {cost}. "
            "It is on the cloud's bill and not in the ledger."
        )


def _agreed(_: str) -> None:
    """Take it for agreed."""


class _Unwritten:
    """A journal of a job that is in no queue."""

    async def sending(self) -> None:
        """Take no note: who runs this waits for it."""

    async def accepted(self, task_id: str) -> None:
        """Take no note."""

    def progress(self, percent: int) -> None:
        """Show nothing of it."""


def engine_of(settings: Settings, name: str) -> Engine:
    """Return the engine of that name; raises SettingsError."""
    engines = {engine.name: engine for engine in settings.engines}
    if name not in engines:
        meant = nearest(name, list(engines))
        raise SettingsError(f"--paid-test: no engine “{name}”; there are others, such as {meant}")
    return engines[name]


def question(engine: Engine, price_usd: float) -> str:
    """Return what is asked before money is spent."""
    price = f"for {price_usd:.4f} USD" if price_usd else "at a price that is not set"
    return f"This makes one real picture with {engine.name}, {price}. Go on?"


async def make(
    settings: Settings, engine: Engine, folder: Path, *, now: Clock, agree: Agree = _agreed
) -> Made:
    """Make one picture and keep it in `folder`, as the API gave it.

    `agree` is asked once nothing else is in the way, and raises to go no further. Raises
    SettingsError, NotPossible, FileUnusable, DiskFull or ProviderError.
    """
    work = _work(engine, now())
    async with httpx.AsyncClient() as http:
        provider = _provider(settings, engine, http, now)
        check_folder(folder, needed_bytes=_ROOM_BYTES, remedy=_ELSEWHERE)
        if engine.provider != _OURS:
            agree(question(engine, engine.price_of(work.options)))
        started_at = time.monotonic()
        drawn = await provider.draw(work, _Unwritten())
        hosts = settings.file.results.hosts
        results = Results(http, endpoints=settings.addresses, hosts=hosts)
        pictures = [*drawn.pictures, *[await _fetched(results, url) for url in drawn.urls]]
    picture = pictures[0]
    name = _NO_NAME.sub("_", engine.name)
    file = folder / f"paid-test-{name}.{_ending(picture)}"
    write(file, picture, remedy=_ELSEWHERE)
    seconds = time.monotonic() - started_at
    price_usd, is_ours = engine.price_of(work.options), engine.provider == _OURS
    return Made(file, seconds, price_usd, drawn.request_id, is_ours)


def _provider(settings: Settings, engine: Engine, http: httpx.AsyncClient, now: Clock) -> Provider:
    """Return who makes the engine's pictures; raises SettingsError that says what is missing."""
    providers = open_providers(settings.account, http, now=now)
    why = settings.catalogue(providers).why_off(engine.name)
    if why is None:
        return providers[engine.provider]
    if engine.provider == _OURS:
        text = f"{engine.name} is only used without TENCENTCLOUD_SECRET_ID and _KEY"
    elif settings.tencent_keys is None:
        text = "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY first"
    elif engine.provider not in providers:
        text = f"{why}: set EASEL_VOD_SUB_APP_ID first"
    else:
        text = f"{engine.name}: {why}"
    raise SettingsError(f"--paid-test: {text}")


def _ending(picture: bytes) -> str:
    """Return a file name's ending for what the API gave, be it what it may."""
    try:
        return sniff(picture).lower()
    except NotPossible:
        return "bin"


async def _fetched(results: Results, address: str) -> bytes:
    try:
        return await results.fetch(address)
    except ProviderError as error:
        if isinstance(error.__cause__, OperatorFault):
            raise SettingsError(f"{error.detail}: {error.__cause__.remedy}") from error
        raise


def _work(engine: Engine, now: float) -> Work:
    capabilities = engine.capabilities
    needs_picture = "imagine" not in capabilities.commands
    options = Options(
        prompt=_PROMPT if capabilities.prompt_max else "",
        ratio=capabilities.ratios[0] if capabilities.extends else None,
    )
    check(engine, options, int(needs_picture))
    pictures = (paint.paint(_PROMPT, _PICTURE, seed=1),) if needs_picture else ()
    return Work(job_id=lowest_job_id_at(now), engine=engine, options=options, pictures=pictures)
