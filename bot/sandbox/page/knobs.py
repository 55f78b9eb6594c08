"""The knobs: what a visitor may break, and the one sentence that says what was done."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.sandbox.discord.world.people import JSON
from bot.sandbox.page.crowd import MARK, flood
from bot.sandbox.page.faults import ACTIONS, FAULTS
from bot.sandbox.page.stage import Stage
from bot.sandbox.tencent.server import TencentSandbox

_HOUR_S: Final = 3600.0
_DAY_S: Final = 86_400.0
_FAILING: Final = 2  # requests; the library waits longer after each
_MOST_SECONDS: Final = 30.0
_RETRY_AFTER_S: Final = 2.0
_TAKEN: Final = ("SEND_MESSAGES", "ATTACH_FILES", "EMBED_LINKS")


class CannotTurn(ValueError):
    """A knob that is not there, or not to be turned so; its text is a sentence."""


@dataclass(frozen=True)
class Knob:
    """One knob as it is shown, and what turning it does."""

    shown: JSON
    turn: Callable[[Any], Awaitable[str] | str]


class Knobs:
    """Every knob of the demo; `start`, `kill` and `skip` (seconds) act on the bot's process."""

    def __init__(
        self,
        stage: Stage,
        tencent: TencentSandbox,
        *,
        start: Callable[[], None],
        kill: Callable[[], Awaitable[bool]],
        skip: Callable[[float], None],
    ) -> None:
        self._stage = stage
        self._tencent = tencent
        self._start = start
        self._kill = kill
        self._skip = skip
        self._skipped_s = 0.0
        self._limits = {pool: slots.limit for pool, slots in tencent.account.slots.items()}
        self._crowd: set[asyncio.Task[None]] = set()

    def shown(self) -> JSON:
        """Show the groups of knobs with their values of now."""
        return {
            "groups": [
                {"title": title, "knobs": [knob.shown for knob in knobs]}
                for title, knobs in self._groups().items()
            ]
        }

    async def turn(self, knob_id: str, value: Any) -> str:
        """Turn a knob; returns what was done. Raises CannotTurn."""
        for knobs in self._groups().values():
            for knob in knobs:
                if knob.shown["id"] == knob_id:
                    said = knob.turn(value)
                    return said if isinstance(said, str) else await said
        raise CannotTurn(f"There is no knob {knob_id!r}.")

    async def aclose(self) -> None:
        """End what still goes on."""
        for task in self._crowd:
            task.cancel()
        await asyncio.gather(*self._crowd, return_exceptions=True)

    def _groups(self) -> dict[str, list[Knob]]:
        return {
            "The image API": self._of_the_api(),
            "Discord": self._of_discord(),
            "The bot": [
                _button("kill", "Kill it", "SIGKILL, in the middle of whatever it does.",
                        self._killed, danger=True),
                _button("start", "Start it again", "It takes up what was at work.", self._started),
            ],
            "The crowd": [
                _button("flood", "100 requests", "From another server; yours waits no longer.",
                        self._flooded),
            ],
            "The clock": [
                _button("hour", "An hour later", "For the bot and for both stand-ins.",
                        lambda _: self._later(_HOUR_S)),
                _button("day", "The next day", "Quotas of a day begin anew.",
                        lambda _: self._later(_DAY_S - self._stage.discord.world.now() % _DAY_S)),
            ],
        }  # fmt: skip

    def _of_the_api(self) -> list[Knob]:
        seconds = {
            "id": "seconds", "label": "Seconds per picture", "hint": "From the next picture on.",
            "kind": "range", "value": self._tencent.seconds_per_picture,
            "min": 0, "max": _MOST_SECONDS, "step": 0.5, "unit": "s", "danger": False,
        }  # fmt: skip
        choices = [{"value": name, "label": fault.label} for name, fault in FAULTS.items()]
        fault = {
            "id": "fault", "label": "The next picture meets",
            "hint": "One fault, once. The crowd's pictures do not meet it.",
            "kind": "choice", "value": None, "choices": choices, "danger": False,
        }  # fmt: skip
        places = _toggle(
            "places", "No places at the API", "Jobs wait until they are given back.",
            is_on=any(not slots.limit for slots in self._tencent.account.slots.values()),
        )  # fmt: skip
        return [Knob(seconds, self._timed), Knob(fault, self._failing), Knob(places, self._placed)]

    def _of_discord(self) -> list[Knob]:
        allowed = _toggle(
            "permissions", "The bot may not post", "In the channel you arrive in.",
            is_on=bool(self._stage.home.revoked),
        )  # fmt: skip
        return [
            _button("errors", "Errors 500", "For the next requests about messages.", self._errors),
            _button("rate", "Rate limits", "429 for the next requests.", self._limited),
            _button("drop", "Drop the gateway", "The bot comes back and resumes.", self._dropped),
            _button("tokens", "Expire the tokens", "As 15 minutes after a command.", self._expired),
            Knob(allowed, self._revoked),
            _button("close", "Close code 4011", "Sharding required: the bot has to end.",
                    self._closed, danger=True),
        ]  # fmt: skip

    def _timed(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CannotTurn("Seconds are a number.")
        if not 0 <= value <= _MOST_SECONDS:
            raise CannotTurn(f"Between 0 and {_MOST_SECONDS:.0f} seconds.")
        self._tencent.seconds_per_picture = float(value)
        return f"From the next picture on, each takes {value:g} seconds."

    def _failing(self, value: Any) -> str:
        fault = FAULTS.get(str(value))
        if fault is None:
            raise CannotTurn(f"There is no fault {value!r}.")
        self._tencent.script_once(ACTIONS, replace(fault.script, spares=MARK))
        return fault.said

    def _placed(self, value: Any) -> str:
        for pool, slots in self._tencent.account.slots.items():
            slots.resize(0 if value else self._limits[pool])
        if value:
            return "The API takes nothing more; what is at work there goes on."
        return "The API has its places again."

    def _errors(self, _: Any) -> str:
        for method in ("POST", "PATCH"):
            self._stage.discord.script(method, "/messages", status=500, times=_FAILING)
        return f"The next {_FAILING} messages and the next {_FAILING} edits fail with 500."

    def _limited(self, _: Any) -> str:
        body = {"message": "You are being rate limited.", "retry_after": _RETRY_AFTER_S,
                "global": False}  # fmt: skip
        for method in ("POST", "PATCH"):
            self._stage.discord.script(method, "/messages", status=429, body=body, times=_FAILING)
        return f"The next requests are told to wait {_RETRY_AFTER_S:.0f} seconds."

    async def _dropped(self, _: Any) -> str:
        await self._stage.discord.gateway.disconnect()
        return "The gateway's connection was cut."

    def _expired(self, _: Any) -> str:
        count = self._stage.discord.interactions.expire()
        return f"{count} interaction tokens are too old now: results come another way."

    def _revoked(self, value: Any) -> str:
        home = self._stage.home
        if value:
            home.revoke(*_TAKEN)
            return f"Easel may no longer post in #{home.name}."
        home.grant(*_TAKEN)
        return f"Easel may post in #{home.name} again."

    async def _closed(self, _: Any) -> str:
        await self._stage.discord.gateway.disconnect(code=4011, resumable=False)
        return "The gateway was closed with 4011, which no client may reconnect after."

    async def _killed(self, _: Any) -> str:
        if not await self._kill():
            raise CannotTurn("The bot is not running.")
        return "The bot was killed with SIGKILL."

    def _started(self, _: Any) -> str:
        if self._stage.state().state != "stopped":
            raise CannotTurn("The bot is running.")
        self._start()
        return "The bot starts."

    def _flooded(self, _: Any) -> str:
        task = asyncio.create_task(flood(self._stage))
        self._crowd.add(task)
        task.add_done_callback(self._crowd.discard)
        return "100 requests are on their way from another server."

    def _later(self, seconds: float) -> str:
        self._tencent.gate.clock_moved(seconds)
        self._skip(seconds)
        self._skipped_s += seconds
        self._stage.discord.world.announce("clock moved", seconds)
        return f"The clocks are {self._skipped_s / _HOUR_S:.1f} hours ahead now."


def _button(
    knob_id: str,
    label: str,
    hint: str,
    turn: Callable[[Any], Awaitable[str] | str],
    *,
    danger: bool = False,
) -> Knob:
    shown = {"id": knob_id, "label": label, "hint": hint, "kind": "button", "danger": danger}
    return Knob(shown, turn)


def _toggle(knob_id: str, label: str, hint: str, *, is_on: bool) -> JSON:
    return {
        "id": knob_id,
        "label": label,
        "hint": hint,
        "kind": "toggle",
        "value": is_on,
        "danger": False,
    }
