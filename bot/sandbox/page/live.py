"""What a browser hears as it happens: server-sent events, as one user may see them."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from aiohttp import web

from bot.sandbox.discord.world.news import Change
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.world import Channel, Message
from bot.sandbox.page import shown
from bot.sandbox.page.stage import Stage, may_look

BEHIND: Final[JSON] = {"kind": "behind"}
_KEEP_ALIVE_S: Final = 10.0
_BEHIND_EVERY_S: Final = 0.2
_STARTED: Final = int(time.time() * 1000)


async def stream(request: web.Request, stage: Stage, user: User) -> web.StreamResponse:
    """Send one event after every change this user may see, until the browser goes away."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    )
    await response.prepare(request)
    with stage.discord.world.listen() as news:
        await response.write(_event({"kind": "hello", "version": _STARTED}))
        stage.let_in()
        pace = Pace(time.monotonic)
        while True:
            try:
                change = await asyncio.wait_for(news.get(), pace.patience_s())
            except TimeoutError:
                await response.write(_event(BEHIND) if pace.is_due() else b": still here\n\n")
                continue
            for event in events(stage, user, change):
                if event is not BEHIND or pace.may_tell():
                    await response.write(_event(event))


class Pace:
    """Says when to tell that something changed behind: at once, then at most 5 times a second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._next_at = 0.0
        self._is_owed = False

    def may_tell(self) -> bool:
        """Whether to tell now; otherwise it is owed."""
        self._is_owed = self._now() < self._next_at
        if not self._is_owed:
            self._next_at = self._now() + _BEHIND_EVERY_S
        return not self._is_owed

    def is_due(self) -> bool:
        """Whether what is owed is to be told now."""
        return self._is_owed and self.may_tell()

    def patience_s(self) -> float:
        """How long nothing need be sent."""
        return max(self._next_at - self._now(), 0.01) if self._is_owed else _KEEP_ALIVE_S


def _event(data: JSON) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def events(stage: Stage, user: User, change: Change) -> Iterator[JSON]:
    """Yield what a change means to this user's browser."""
    tell = _TOLD.get(change.kind)
    if tell is not None:
        yield from tell(stage, user, change.subject)


def _written(stage: Stage, user: User, message: Message) -> Iterator[JSON]:
    if stage.sees(user, message) and not message.deleted:
        yield {"kind": "message", "message": shown.message(stage, message)}


def _gone(_: Stage, user: User, message: Message) -> Iterator[JSON]:
    if may_look(user, message.channel):
        yield {"kind": "deleted", "channel_id": message.channel.id, "id": message.id}


def _dismissed(stage: Stage, user: User, dismissed: tuple[User, Message]) -> Iterator[JSON]:
    if dismissed[0] is user:
        yield from _gone(stage, user, dismissed[1])


def _typing(_: Stage, user: User, channel: Channel) -> Iterator[JSON]:
    if may_look(user, channel):
        yield {"kind": "typing", "channel_id": channel.id}


def _bot(stage: Stage, _: User, __: Any) -> Iterator[JSON]:
    state = stage.state()
    yield {"kind": "bot", "state": state.state, "why": state.why}


def _clock(stage: Stage, _: User, __: Any) -> Iterator[JSON]:
    yield {"kind": "clock", "now": stage.discord.world.now()}
    yield BEHIND


def _world(_: Stage, __: User, ___: Any) -> Iterator[JSON]:
    yield {"kind": "world"}


def _commands(_: Stage, __: User, ___: Any) -> Iterator[JSON]:
    yield {"kind": "commands"}


def _behind(_: Stage, __: User, ___: Any) -> Iterator[JSON]:
    yield BEHIND


_TOLD: Final[dict[str, Callable[[Stage, User, Any], Iterator[JSON]]]] = {
    "message created": _written,
    "message edited": _written,
    "message deleted": _gone,
    "message dismissed": _dismissed,
    "typing": _typing,
    "commands synced": _commands,
    **dict.fromkeys(("gateway ready", "gateway resumed", "gateway lost", "bot state"), _bot),
    **dict.fromkeys(("channel created", "channel updated", "channel deleted"), _world),
    **dict.fromkeys(("rest answered", "tencent called", "log line"), _behind),
    "clock moved": _clock,
    **dict.fromkeys(("guild created", "role created", "member joined"), _world),
}
