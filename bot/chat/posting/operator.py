"""Tells the bot's operator, the owner of its Discord application, what only they can mend."""

from collections.abc import Callable

import aiohttp
import discord
import structlog

from bot.chat.faults import is_final, status_of
from bot.chat.posting.notices import ceiling_notice, package_notice
from bot.domain.engines.states import BUGS_IN_A_ROW, Telling
from bot.domain.provider_errors import EngineGone, RequestBug
from bot.domain.quotas.allowances import Use
from bot.domain.quotas.packages import PackageEnd, PackageUse
from bot.domain.wording.mentions import date_and_time
from bot.domain.wording.quoting import coded, quoted
from bot.services.engines import Alarm

_log = structlog.get_logger(__name__)

_ENGINES_SHOWN = 10  # as many as surely fit into a message
_DETAIL_SHOWN = 400
_GONE = "The service no longer offers this to your account; Easel tries again then."
_WRONG = (
    "The service calls Easel’s request wrong. Look at the engine’s row in easel.toml, if it has "
    "one (model, version, settings); else the service may no longer take this model."
)
_MEND = "Look at the account in the cloud’s console."


class OperatorMessages:
    """Sends direct messages to the application's owner, or to the owner of its team.

    `mask` takes secrets out of what the service said.
    """

    def __init__(self, client: discord.Client, mask: Callable[[str], str]) -> None:
        self._client = client
        self._mask = mask

    async def tell(self, alarm: Alarm) -> bool:
        """Send an alarm; False when Discord did not take it, for whatever reason.

        The next fault tries again even where direct messages are closed: faults are rare, and the
        bot is of no use until the operator knows.
        """
        return await self._send(alarm_text(alarm, self._mask)) is None

    async def write_budget(self, use: Use) -> bool:
        """Tell of the account's budget; False when a later try may do better."""
        return await self._write(ceiling_notice(use))

    async def write_package(self, use: PackageUse, ending: PackageEnd) -> bool:
        """Tell of a package; False when a later try may do better."""
        return await self._write(package_notice(use, ending))

    async def _write(self, text: str) -> bool:
        """Send a text; False when a later try may do better.

        Closed direct messages are only logged: tried with every request, they would count towards
        Discord's ban for invalid requests (10,000 in ten minutes; Discord docs, 2026-08).
        """
        fault = await self._send(text)
        return fault is None or is_final(fault)

    async def _send(self, text: str) -> Exception | None:
        """Return what kept the message from the owner, None when it was sent."""
        owner_id = self._owner_id()
        if owner_id is None:
            return LookupError("not logged in: the owner is not known")
        try:
            channel = await self._client.create_dm(discord.Object(owner_id))
            await channel.send(text)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log = _log.error if is_final(error) else _log.warning
            log("operator_not_told", reason=type(error).__name__, status=status_of(error))
            return error
        return None

    def _owner_id(self) -> int | None:
        application = self._client.application
        if application is None:
            return None
        return application.team.owner_id if application.team else application.owner.id


def alarm_text(alarm: Alarm, mask: Callable[[str], str]) -> str:
    """Return the message: what the service said, for which engines, and what to do."""
    error = alarm.error
    names = ", ".join(coded(name) for name in alarm.engines[:_ENGINES_SHOWN])
    more = len(alarm.engines) - _ENGINES_SHOWN
    if more > 0:
        names += f" and {more} more"
    said = str(coded(error.code))
    if error.detail:
        # Masked first: cut or escaped, a secret is not recognised.
        said += f" ({quoted(mask(error.detail), _DETAIL_SHOWN)})"
    afterwards = (
        "" if alarm.until is None else " Then `easel doctor` looks again and lifts the pause."
    )
    lines = (
        f"**Easel needs its operator.** The image service answered {said}.",
        f"Engines: {names}. {_until(alarm)}",
        f"What to do: {_remedy(error)}{afterwards}",
        f"-# RequestId for the service’s support: {error.request_id or 'none'}",
    )
    return "\n".join(lines)


def _until(alarm: Alarm) -> str:
    if alarm.until is None:
        return f"Still used; after {BUGS_IN_A_ROW} such answers in a row it is paused."
    return f"Not used until {date_and_time(alarm.until)}; what waited for them was refunded."


def _remedy(error: Telling) -> str:
    if isinstance(error, RequestBug):
        return _WRONG
    if isinstance(error, EngineGone):
        return f"{error.remedy} {_GONE}".strip()
    return error.remedy or _MEND
