"""The library's gateway, mended where it would leave the bot deaf, and what refuses it for good."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn, cast
from weakref import WeakSet

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.state import AutoShardedConnectionState

from bot.ports.clock import Clock
from bot.watch.quiet import QuietMinute

_log = structlog.get_logger(__name__)

_OUR_OWN = 1000  # the only close code after which the library reconnects by itself all the same
# Invalid sequence, session timed out: what was to be resumed is over (Discord docs, 2026-08).
_NEW_SESSION = (4007, 4009)
_RESUMES_IN_A_ROW = 3
_RESUME_PAUSE_S = 0.5  # for each resume in a row that brought nothing

_FAULTS_OF_THE_WAY = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
)


class PassedOver:
    """Logs what could not be read: a kind once a minute, with how often it came since."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._quiet = QuietMinute(now)

    def note(self, kind: str, error: Exception) -> None:
        """Log it, unless the same kind was logged within the last minute."""
        if self._quiet.begins(kind):
            unsaid = self._quiet.unsaid(kind)
            _log.error("gateway_event_passed_over", kind=kind, unsaid=unsaid, exc_info=error)


class GatewayState(AutoShardedConnectionState[Any]):
    """What the shards share: the parsers, and where the end of one of them is told.

    The library waits for the first connection of every shard before it looks at an end.
    """

    def __init__(
        self, *, ended: Callable[[discord.ConnectionClosed], None], **options: Any
    ) -> None:
        super().__init__(**options)
        self.ended = ended
        self.passed_over = PassedOver()
        self.fruitless = Counter[int | None]()  # by shard: connections in a row without an event
        self._sockets = WeakSet[Socket]()
        self.parsers = {event: self._careful(event, parse) for event, parse in self.parsers.items()}

    def _careful(self, event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        """Let what one event breaks in the library be that event's loss alone."""

        def careful(data: Any) -> None:
            try:
                parse(data)
            except Exception as error:  # noqa: BLE001 - the next event is read whatever it is
                self.passed_over.note(event, error)

        return careful

    def _update_references(self, ws: DiscordWebSocket) -> None:
        super()._update_references(ws)
        # The library names its class in many places; a new connection can be given another.
        ws.__class__ = Socket
        self._sockets.add(cast("Socket", ws))

    def stop_beating(self) -> None:
        """End the thread of every connection, also of one whose making was broken off."""
        for socket in self._sockets:
            socket.stop_beating()


class Socket(DiscordWebSocket):
    """One connection of a shard."""

    _connection: GatewayState
    is_greeted = False  # HELLO came
    is_fruitful = False  # an event came

    def stop_beating(self) -> None:
        """Send no heartbeat any more."""
        if self._keep_alive is not None:
            self._keep_alive.stop()

    async def received_message(self, msg: Any, /) -> None:
        """Read a frame; one that cannot be read is passed over."""
        sequence = self.sequence
        try:
            text = msg if isinstance(msg, str) else await self._unpacked(msg)
            if text is None:
                return  # a part of a frame
            await super().received_message(text)
        except _FAULTS_OF_THE_WAY:
            raise
        except Exception as error:  # noqa: BLE001 - one frame must not end the bot
            self._connection.passed_over.note("frame", error)
        if self.sequence != sequence:
            self.is_fruitful = True
            self._connection.fruitless.pop(self.shard_id, None)

    async def _unpacked(self, data: bytes) -> str | None:
        try:
            return self._decompressor.decompress(data)
        except UnicodeDecodeError:
            raise
        except Exception as error:
            # A compressed stream that broke once shows nothing any more.
            await self.close()
            raise ConnectionError("the gateway's compressed stream is broken") from error

    async def poll_event(self) -> None:
        """Read on; raises what the library can act on, and tells of an end for good."""
        try:
            await super().poll_event()
        except discord.ConnectionClosed as closed:
            if closed.code != _OUR_OWN:
                self._connection.ended(closed)
            raise
        except ReconnectWebSocket as ended:
            await self._come_back(ended)
        self.is_greeted = True

    async def _come_back(self, ended: ReconnectWebSocket) -> NoReturn:
        """Raise how to go on: resume, identify anew, or (ConnectionError) that after a while.

        The library resumes at once and for ever what cannot be resumed, and takes a connection
        that is closed before it was greeted for its own end.
        """
        has_session = self.session_id is not None
        if not has_session and not (self.is_greeted and not ended.resume):
            raise ConnectionError("the gateway closed a connection without a session")
        if not ended.resume:
            raise ended
        if self.socket.close_code in _NEW_SESSION:
            raise ReconnectWebSocket(self.shard_id, resume=False)
        if not self.is_fruitful:
            self._connection.fruitless[self.shard_id] += 1
            in_a_row = self._connection.fruitless[self.shard_id]
            if in_a_row > _RESUMES_IN_A_ROW:
                raise ConnectionError("the gateway closed every connection that was to resume")
            await asyncio.sleep(_RESUME_PAUSE_S * in_a_row)
        raise ended


class Refused:
    """What was noticed so far; a 401 is only a suspicion until the token was shown again."""

    def __init__(self) -> None:
        self._closed: discord.ConnectionClosed | None = None
        self._is_closed = asyncio.Event()
        self.is_unauthorized = asyncio.Event()

    def note(self, closed: discord.ConnectionClosed) -> None:
        """Note the close code of a connection after which there is no other."""
        self._closed = self._closed or closed
        self._is_closed.set()

    async def closed(self) -> discord.ConnectionClosed:
        """Wait for such a close and return it."""
        while self._closed is None:
            await self._is_closed.wait()
        return self._closed

    def trace(self) -> aiohttp.TraceConfig:
        """Return what notices a 401 to the bot's token, whatever it was shown for.

        Not every 401 is one: an interaction's token in the address has its own.
        """
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._note_answer)
        return trace

    async def _note_answer(
        self, _session: Any, _context: Any, request: aiohttp.TraceRequestEndParams
    ) -> None:
        is_401 = request.response.status == HTTPStatus.UNAUTHORIZED
        if is_401 and "Authorization" in request.headers:
            self.is_unauthorized.set()
