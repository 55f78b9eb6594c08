"""What a request for several pictures asks its member before anything is accepted."""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.permutations.request import PendingRequest
from bot.domain.wording.quoting import quoted
from bot.domain.wording.sentences import say
from bot.services.permutations import Offer
from cogs.views.fitting import fitting
from cogs.views.job_buttons import JOB, cog_of
from cogs.views.layouts.card import small_print
from cogs.views.layouts.default_texts import passed_over_text

_PROMPT_SHOWN = 200  # characters, of ten at the most

_TITLE = "**{pictures} pictures, one for each choice**"
_TITLE_OF_MORE = "**{pictures} pictures, {each} for each choice**"
_PRICED = "Made by {engine}, for {price:.2f} USD in all."
_UNPRICED = "Made by {engine}, at a price that is not known."
_FREE = "Made by {engine}, which costs nothing."
_QUOTA = "Each counts towards your quota: {left:.0f} are left of {amount}."
_LIFE = "-# Nothing is accepted before you say yes; this question waits for 15 minutes."
_ACCEPTED = "Accepted: {pictures} pictures. Each comes in a message of its own."
_GIVEN_UP = "Nothing was asked for, and nothing was used."


class _PermutationsCog(Protocol):
    async def accept(self, interaction: discord.Interaction[Any], request_id: str) -> None: ...
    async def give_up(self, interaction: discord.Interaction[Any], request_id: str) -> None: ...


class _Answer(ui.DynamicItem[ui.Button[Any]], template=f"easel:{JOB}"):
    """A button with the id of the request that it answers, which outlives restarts."""

    kind: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, request_id: str) -> None:
        custom_id = f"easel:{self.kind}:{request_id}"
        super().__init__(ui.Button(custom_id=custom_id, label=self.label, style=self.style))
        self.request_id = request_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(match["job"])

    @staticmethod
    def _cog(interaction: discord.Interaction[Any]) -> _PermutationsCog:
        return cast("_PermutationsCog", cog_of(interaction, "Permutations"))


class AcceptButton(_Answer, template=f"easel:accept-all:{JOB}"):
    """Says yes to all of it."""

    kind, label, style = "accept-all", "Make them", discord.ButtonStyle.primary

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Accept all of it."""
        await self._cog(interaction).accept(interaction, self.request_id)


class GiveUpButton(_Answer, template=f"easel:give-up:{JOB}"):
    """Says no."""

    kind, label = "give-up", "Never mind"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Forget the request."""
        await self._cog(interaction).give_up(interaction, self.request_id)


_SHOWN = (
    "-# Where the first pictures of new members need approval, a moderator sees these prompts "
    "before that."
)


class OfferLayout(ui.LayoutView):
    """How many pictures of what, their price, what is left of the quota, and the question."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(timeout=None)
        request = offer.request
        prompts = [
            say("{number}. {prompt}", number=number, prompt=quoted(prompt, _PROMPT_SHOWN))
            for number, prompt in enumerate(request.prompts, start=1)
        ]
        passed_over = small_print(passed_over_text(offer.passed_over))
        shown = say(_SHOWN) if request.private else ""
        rest = (_price(offer), *_quota(offer), passed_over, shown, say(_LIFE))
        head, tail = _title(request), [line for line in rest if line]
        # Escaped, ten long prompts are more than a message holds.
        room = LAYOUT_CHARS - sum(len(line) + 1 for line in (head, *tail))
        lines = [head, *fitting(prompts, room), *tail]
        answers: ui.ActionRow[Any] = ui.ActionRow(
            AcceptButton(request.id), GiveUpButton(request.id)
        )
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), answers))


class AnsweredLayout(ui.LayoutView):
    """What became of the question."""

    def __init__(self, request: PendingRequest | None) -> None:
        super().__init__(timeout=None)
        text = say(_ACCEPTED, pictures=request.pictures) if request else say(_GIVEN_UP)
        self.add_item(ui.Container(ui.TextDisplay(text)))


def _title(request: PendingRequest) -> str:
    each = request.options.count
    return say(_TITLE if each == 1 else _TITLE_OF_MORE, pictures=request.pictures, each=each)


def _price(offer: Offer) -> str:
    if not offer.is_price_known:
        return say(_UNPRICED, engine=offer.engine)
    return say(_PRICED if offer.price_usd else _FREE, engine=offer.engine, price=offer.price_usd)


def _quota(offer: Offer) -> list[str]:
    use = offer.use
    return [say(_QUOTA, left=use.left, amount=use.window.amount)] if use else []
