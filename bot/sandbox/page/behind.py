"""What happens behind the channel: who was sent what, without secrets, and what the bot keeps."""

import base64
import binascii
import json
import re
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Any, Final, Protocol

from bot.sandbox.discord.routes.rest import Exchange
from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.tencent.gate import Seen
from bot.sandbox.tencent.server import TencentSandbox

_CALLS_KEPT: Final = 100
_EXCHANGES_SHOWN: Final = 200
_PICTURES_KEPT: Final = 60
_LONG: Final = 1000  # characters of one text; what is longer and base64 is a picture
_SHOWN: Final = 8  # characters of a signature or a token
_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]+={0,2}")
_TOKEN: Final = re.compile(r"(/(?:webhooks|interactions)/\d+/)([^/]+)")
_SIGNED: Final = re.compile(r"(Credential=|Signature=)([^/,]+)")
_HIDDEN: Final = ("X-TC-Token",)


class Kept(Protocol):
    """What the bot itself keeps, read beside it."""

    async def read(self) -> JSON:
        """Return the counter, pools, ledger, quotas and log."""

    def masked(self, text: str) -> str:
        """Return a text without the bot's secrets."""


class Behind:
    """All that is shown beside the channel."""

    def __init__(self, kept: Kept, discord: DiscordSandbox, tencent: TencentSandbox) -> None:
        self._kept = kept
        self._records = _Records(discord, tencent)

    async def read(self, parts: Iterable[str] | None = None) -> str:
        """Return JSON of everything, or of these parts of it."""
        shown = await self._kept.read()
        wanted = {*shown, "tencent", "discord"} if parts is None else set(parts)
        if "tencent" in wanted:
            shown["tencent"] = self._records.tencent()
        if "discord" in wanted:
            shown["discord"] = self._records.discord()
        chosen = {name: part for name, part in shown.items() if name in wanted or name == "now"}
        return self._kept.masked(json.dumps(chosen, ensure_ascii=False))

    def picture(self, name: str) -> bytes:
        """Return a picture that stood in a body. Raises LookupError with a sentence."""
        return self._records.picture(name)


class _Records:
    """The latest calls to Tencent and requests to Discord, and the pictures in them."""

    def __init__(self, discord: DiscordSandbox, tencent: TencentSandbox) -> None:
        self._discord = discord
        self._calls: deque[Seen] = deque(maxlen=_CALLS_KEPT)
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        tencent.on_call(self._hear)

    def tencent(self) -> list[JSON]:
        """Show the latest calls, newest first."""
        return [self._call(seen) for seen in reversed(self._calls)]

    def discord(self) -> list[JSON]:
        """Show the latest requests of the bot, newest first."""
        latest = list(self._discord.exchanges)[-_EXCHANGES_SHOWN:]
        return [self._exchange(exchange) for exchange in reversed(latest)]

    def picture(self, name: str) -> bytes:
        """Return a picture that stood in a body. Raises LookupError with a sentence."""
        if name not in self._pictures:
            raise LookupError("That picture is no longer kept.")
        return self._pictures[name]

    def _hear(self, seen: Seen) -> None:
        if seen not in self._calls:
            self._forget_the_look_before(seen)
            self._calls.append(seen)
        self._discord.world.announce("tencent called", seen)

    def _forget_the_look_before(self, seen: Seen) -> None:
        """Keep of the many looks at a task only the latest."""
        for earlier in self._calls:
            is_look = earlier.call.action.startswith("Describe")
            if is_look and (earlier.call.action, earlier.params) == (seen.call.action, seen.params):
                self._calls.remove(earlier)
                return

    def _call(self, seen: Seen) -> JSON:
        call = seen.call
        answered = call.answered_at
        return {
            "id": call.request_id,
            "at": call.at,
            "action": call.action,
            "version": seen.headers.get("X-TC-Version", ""),
            "headers": {name: _header(name, text) for name, text in seen.headers.items()},
            "body": self._readable(seen.params, call.request_id),
            "status": None if answered is None else call.error_code or "ok",
            "answer": self._readable(seen.answer, f"{call.request_id}-answer"),
            "seconds": None if answered is None else max(answered - call.at, 0.0),
        }

    def _exchange(self, exchange: Exchange) -> JSON:
        call = exchange.call
        body = self._readable(call.body, f"discord-{exchange.number}")
        if call.files and isinstance(body, dict):
            sent = [{"filename": f.filename, "bytes": len(f.data)} for f in call.files.values()]
            body = body | {"files": sent}
        return {
            "id": str(exchange.number),
            "at": exchange.at,
            "method": call.method,
            "path": _TOKEN.sub(lambda found: found[1] + _short(found[2]), call.path),
            "status": exchange.status,
            "body": body,
            "answer": self._readable(exchange.response, f"discord-{exchange.number}-answer"),
        }

    def _readable(self, value: Any, name: str) -> Any:
        """Return JSON in which every picture is an address, and no text is endless."""
        if isinstance(value, dict):
            return {key: self._readable(one, f"{name}-{key}") for key, one in value.items()}
        if isinstance(value, list):
            return [self._readable(one, f"{name}-{i}") for i, one in enumerate(value)]
        if isinstance(value, str) and len(value) > _LONG:
            return self._long(value, name)
        return value

    def _long(self, text: str, name: str) -> Any:
        data = _decoded(text)
        if data is None:
            return text[:_LONG] + "…"
        self._pictures[name] = data
        while len(self._pictures) > _PICTURES_KEPT:
            self._pictures.popitem(last=False)
        return {"picture": f"/page/pictures/{name}", "bytes": len(data)}


def _decoded(text: str) -> bytes | None:
    if not _BASE64.fullmatch(text):
        return None
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return None


def _header(name: str, text: str) -> str:
    if name in _HIDDEN:
        return _short(text)
    return _SIGNED.sub(lambda found: found[1] + _short(found[2]), text)


def _short(text: str) -> str:
    return text[:_SHOWN] + "…"
