"""`easel styles make`: every style of an engine drawn once, and put together on sheets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.cli.stopping import stop_on_signals
from bot.cli.styles import texts
from bot.cli.styles.drawing import Drawing, open_drawing
from bot.cli.styles.finding import Found, found_of, raw_of
from bot.cli.styles.requests import Wish, order_for, wish_for
from bot.cloud import open_providers
from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.job import OPERATORS_OWN, JobState, input_key
from bot.domain.labelling import label_of
from bot.domain.operator_errors import FileUnusable, SettingsError, StylesStopped, StyleUndrawn
from bot.domain.wording.names import nearest
from bot.imaging.labels.style_sheet import ON_A_SHEET, style_sheet
from bot.imaging.uploads.fence import Fence
from bot.ports.clock import Clock
from bot.ports.provider import Provider
from bot.services.styles.sheets import Sheet, StyleSheets
from bot.settings.config import Settings
from storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the command asks and says; `agree` raises when the answer is no."""

    agree: Callable[[str], object]
    say: Callable[[str], None]


async def make(
    settings: Settings, name: str, photo: Path | None, *, now: Clock, terminal: Terminal
) -> str:
    """Draw what is missing and keep the sheets; returns what to print.

    Whatever was drawn before a fault stays, and the next run goes on from there. Raises
    SettingsError, NotPossible, FileUnusable, StyleUndrawn, StylesStopped or a StorageFault.
    """
    url, folder = settings.database_url, settings.variables.EASEL_DATA_DIR
    async with httpx.AsyncClient() as http:
        providers = open_providers(settings.account, http, now=now)
        engine = _engine(settings, name, providers)
        wish = wish_for(engine, _read(photo) if photo else None)
        async with open_storage(url, folder) as storage, storage.serving(is_claiming=False):
            run = _Run(
                settings=settings,
                storage=storage,
                engine=engine,
                wish=wish,
                terminal=terminal,
                now=now,
            )
            if photo is not None and wish.photo is None:
                terminal.say(texts.without_photo(engine))
            return await run.made(is_resumable=providers[engine.provider].is_resumable(engine))


class _Run:
    """One run for one engine and one wish."""

    def __init__(
        self,
        *,
        settings: Settings,
        storage: Storage,
        engine: Engine,
        wish: Wish,
        terminal: Terminal,
        now: Clock,
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._engine = engine
        self._wish = wish
        self._terminal = terminal
        self._now = now

    async def made(self, *, is_resumable: bool) -> str:
        names = self._engine.capabilities.styles
        found = [await found_of(self._storage, self._engine, each, self._wish) for each in names]
        missing = sum(each.job is None for each in found)
        if missing:
            options = self._wish.options
            self._terminal.say(texts.price_of(self._engine, options, missing, len(found)))
            self._terminal.agree("Go on?")
        if any(each.is_to_draw for each in found):
            if await self._storage.operations.paused() is not None:
                raise StylesStopped(why="jobs are paused; `easel resume` lets them start again")
            found = await self._all_drawn(found, is_resumable=is_resumable)
        sheets = [
            await self._sheet(found, start)
            for start in range(0, sum(each.data is not None for each in found), ON_A_SHEET)
        ]
        if not sheets:
            raise StylesStopped(why="no style has a picture")
        kept = StyleSheets(settings=self._storage.settings, blobs=self._storage.blobs)
        await kept.keep(self._engine.name, sheets)
        without = [names[each.style] for each in found if each.data is None]
        return texts.outcome(self._engine, sheets, without)

    async def _all_drawn(self, found: Sequence[Found], *, is_resumable: bool) -> list[Found]:
        names, drawn = self._engine.capabilities.styles, list(found)
        picture = await self._fitted()
        opening = open_drawing(self._settings, self._storage, now=self._now)
        async with opening as drawing, stop_on_signals() as stop:
            for number, each in enumerate(found):
                if not each.is_to_draw:
                    continue
                if stop.is_set():
                    raise StylesStopped(why="it was asked to stop")
                if each.job is None:
                    await self._accept(drawing, each, picture, is_resumable=is_resumable)
                drawn[number] = await self._seen_through(drawing, each)
                self._terminal.say(f"{number + 1} of {len(found)}: {names[each.style]}")
        return drawn

    async def _fitted(self) -> bytes | None:
        """Return the photo as the engine takes it, without anything hidden in it."""
        if self._wish.photo is None:
            return None
        limits = self._engine.capabilities.picture_of(1)
        async with Fence() as fence:
            lane = Lane(OPERATORS_OWN, OPERATORS_OWN)
            return (await fence.fit(self._wish.photo, limits, lane)).data

    async def _accept(
        self, drawing: Drawing, each: Found, picture: bytes | None, *, is_resumable: bool
    ) -> None:
        if picture is not None:
            await self._storage.blobs.put(input_key(each.job_id, 0), picture)
        order = order_for(
            self._engine, each.style, self._wish, each.job_id, is_resumable=is_resumable
        )
        await drawing.accept(order)

    async def _seen_through(self, drawing: Drawing, each: Found) -> Found:
        """Wait for a job's end; raises StyleUndrawn where that is known to bring no picture."""
        job = await drawing.see_through(each.job_id)
        data = await raw_of(self._storage, job)
        if data is None and job.state is not JobState.UNKNOWN:
            why = str(job.reason.error if job.reason else job.state.value).rstrip(".")
            raise StyleUndrawn(style=self._engine.capabilities.styles[each.style], why=why)
        return Found(each.style, each.job_id, job, data)

    async def _sheet(self, found: Sequence[Found], start: int) -> Sheet:
        """Return the labelled sheet that begins with the picture of that number, from 0."""
        shown = [each for each in found if each.data is not None][start : start + ON_A_SHEET]
        names = self._engine.capabilities.styles
        pictures = [(names[each.style], each.data or b"") for each in shown]
        [first, *_] = [each.job for each in shown if each.job]
        rules = self._settings.label_rules
        label = label_of(first, self._engine, GuildSettings(), rules, now=self._now())
        picture = await asyncio.to_thread(style_sheet, pictures, start + 1, label)
        names_shown = tuple(name for name, _ in pictures)
        return Sheet(picture, names_shown, label.text)


def _engine(settings: Settings, name: str, providers: dict[str, Provider]) -> Engine:
    """Return a usable engine that has styles; raises SettingsError."""
    catalogue = settings.catalogue(providers)
    engine = catalogue.meant(name)
    if engine is None or not engine.capabilities.styles:
        styled = [each.name for each in settings.engines if each.capabilities.styles]
        meant = nearest(name, styled)
        raise SettingsError(
            f"no engine “{name}” that has styles; there are others, such as {meant}"
        )
    why = catalogue.why_off(engine.name)
    if why is not None:
        raise SettingsError(f"{engine.name} cannot be used: {why}")
    return engine


def _read(photo: Path) -> bytes:
    try:
        return photo.read_bytes()
    except OSError as error:
        remedy = "Name a photo that can be read."
        raise FileUnusable(file=photo, done="read", why=error.strerror, remedy=remedy) from None
