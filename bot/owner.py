"""Tells the bot's operator, the owner of its Discord application, what only they can mend."""

import discord
import structlog

from bot.domain.errors import EngineGone, OperatorFault
from bot.services.engines import Alarm

_log = structlog.get_logger(__name__)

_ENGINES_SHOWN = 10  # a message holds 2,000 characters (Discord docs, 2026-08)
_DETAIL_SHOWN = 400
_GONE = "The service no longer offers this to your account; Easel tries again then."
_MEND = "Look at the account in the cloud's console."


class Owner:
    """Sends direct messages to the application's owner, or to the owner of its team."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def tell(self, alarm: Alarm) -> bool:
        """Send an alarm; False when Discord did not take it."""
        owner_id = self._owner_id()
        if owner_id is None:
            return False
        try:
            channel = await self._client.create_dm(discord.Object(owner_id))
            await channel.send(alarm_text(alarm))
        except (discord.HTTPException, OSError) as error:
            _log.warning("operator_not_told", reason=type(error).__name__)
            return False
        return True

    def _owner_id(self) -> int | None:
        application = self._client.application
        if application is None:
            return None
        return application.team.owner_id if application.team else application.owner.id


def alarm_text(alarm: Alarm) -> str:
    """Return the message: what the service said, for which engines, and what to do."""
    error = alarm.error
    names = ", ".join(f"`{name}`" for name in alarm.engines[:_ENGINES_SHOWN])
    more = len(alarm.engines) - _ENGINES_SHOWN
    if more > 0:
        names += f" and {more} more"
    said = f"`{error.code}`"
    if error.detail:
        said += f" ({discord.utils.escape_markdown(error.detail[:_DETAIL_SHOWN])})"
    until = f"<t:{alarm.until:.0f}:f>"
    lines = (
        f"**Easel needs its operator.** The image service answered {said}.",
        f"Engines: {names}. Not used until {until}; what waited for them was refunded.",
        f"What to do: {_remedy(error)} Then `easel doctor` looks again and lifts the pause.",
        f"-# RequestId for the service's support: {error.request_id or 'none'}",
    )
    return "\n".join(lines)


def _remedy(error: OperatorFault | EngineGone) -> str:
    if isinstance(error, EngineGone):
        return _GONE
    return error.remedy or _MEND
