"""The form that asks a moderator why a request is denied."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.jobs.reasons.denial import Denial, DenyReason

_TITLE = "Deny"
_CHOICES = {
    DenyReason.RULES: "It is against the rules of this server",
    DenyReason.UNSUITED: "It does not belong in this channel",
    DenyReason.PERSON: "It is about a real person",
    DenyReason.PICTURE: "The picture given may not be used",
    DenyReason.OTHER: "For another reason",
}
_REASON, _REASON_ABOUT = "Why", "The member reads: “A moderator did not approve it: …”"
_TEXT, _TEXT_ABOUT = "More about it, if you like", "The member reads this, too."
_LONGEST = 200

Then = Callable[[discord.Interaction[Any], Denial], Awaitable[None]]


class DenyForm(ui.Modal):
    """One reason out of a few, and a text."""

    def __init__(self, then: Then) -> None:
        super().__init__(title=_TITLE, timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        options = [
            discord.RadioGroupOption(label=label, value=reason.value)
            for reason, label in _CHOICES.items()
        ]
        self._reason: ui.RadioGroup[Any] = ui.RadioGroup(
            custom_id="reason", options=options, required=True
        )
        self._text: ui.TextInput[Any] = ui.TextInput(
            custom_id="text", required=False, max_length=_LONGEST
        )
        self.add_item(ui.Label(text=_REASON, component=self._reason, description=_REASON_ABOUT))
        self.add_item(ui.Label(text=_TEXT, component=self._text, description=_TEXT_ABOUT))
        self._then = then

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand over what was chosen."""
        reason = DenyReason(self._reason.value or DenyReason.OTHER)
        await self._then(interaction, Denial(reason, self._text.value.strip()))
