"""What /block says and lists: who, why, until when, and the buttons to the pages beside it."""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.moderation.blocks import Block, BlockKind
from bot.domain.wording.mentions import date_and_time, from_now
from bot.domain.wording.quoting import Markup, quoted
from bot.domain.wording.sentences import say
from bot.ports.moderation.blocks import BlockPage
from bot.services.moderation.blocks import PAGE, Blocked
from cogs.views.fitting import as_long_as_fits
from cogs.views.job_buttons import cog_of

# Characters of each reason in a list; the fewer, the longer the reasons of a page are together.
_REASON_SHOWN = (150, 100, 60)
_LAST_PAGE = 99  # of as many blocks as a server has at most

_SET = "{who} may not ask for pictures here any more, {end}. They read this reason: {reason}"
_SET_ROLE = (
    "Nobody with {who} may ask for pictures here any more, {end}, but those who moderate. They "
    "read this reason: {reason} What its members have waiting goes on."
)
_ENDED = "Their waiting requests have ended with a refund: {count}."
_LIFTED = "{who} may ask for pictures here again. The reason was: {reason}"
_NOBODY = "Nobody is blocked here."
_TITLE = "**Blocked here: {count}**"
_LINE = "{who}, {end}, by {by:member} {at}: {reason}"
_PAGE = "-# Page {page} of {pages}"
_NO_END = "until it is lifted"
_UNTIL = "until {at} ({soon})"


class _BlockCog(Protocol):
    async def turn(self, interaction: discord.Interaction[Any], number: int) -> None: ...


class BlocksPageButton(ui.DynamicItem[ui.Button[Any]], template=r"easel:blocks:(?P<page>\d{1,2})"):
    """Turns to another page of the server's list, also after a restart; for moderators."""

    def __init__(self, page: int, label: str = "", *, disabled: bool = False) -> None:
        button: ui.Button[Any] = ui.Button(
            custom_id=f"easel:blocks:{page}", label=label, disabled=disabled
        )
        super().__init__(button)
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id."""
        return cls(int(match["page"]), getattr(item, "label", None) or "")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place of the one before."""
        await cast("_BlockCog", cog_of(interaction, "BlockCommands")).turn(interaction, self.page)


class BlocksLayout(ui.LayoutView):
    """One page of a server's blocks; only who asked sees it."""

    def __init__(self, page: BlockPage, number: int) -> None:
        super().__init__(timeout=None)
        pages = max(-(-page.count // PAGE), 1)
        self.add_item(ui.Container(*map(ui.TextDisplay, _texts(page, number, pages))))
        if pages > 1 or number:
            self.add_item(ui.ActionRow(*_buttons(number, pages)))


def set_text(blocked: Blocked) -> str:
    """Say who is blocked until when, and what of theirs ended."""
    block = blocked.block
    said = _SET if block.kind is BlockKind.USER else _SET_ROLE
    text = say(said, who=_who(block), end=_end(block), reason=quoted(block.reason))
    if not blocked.ended:
        return text
    return "\n".join([text, say(_ENDED, count=blocked.ended)])


def lifted_text(block: Block) -> str:
    """Say who may ask again."""
    return say(_LIFTED, who=_who(block), reason=quoted(block.reason))


def _texts(page: BlockPage, number: int, pages: int) -> list[str]:
    if not page.count:
        return [say(_NOBODY)]
    title = say(_TITLE, count=page.count)
    foot = [say(_PAGE, page=number + 1, pages=pages)] if pages > 1 else []
    room = LAYOUT_CHARS - sum(map(len, [title, *foot]))
    return [title, *as_long_as_fits(page.blocks, _line, _REASON_SHOWN, room), *foot]


def _line(block: Block, most: int) -> str:
    return say(
        _LINE,
        who=_who(block),
        end=_end(block),
        by=block.set_by,
        at=from_now(block.set_at),
        reason=quoted(block.reason, most),
    )


def _who(block: Block) -> Markup:
    if block.kind is BlockKind.USER:
        return say("{id:member}", id=block.subject_id)
    return say("{id:role}", id=block.subject_id)


def _end(block: Block) -> Markup:
    if block.until is None:
        return say(_NO_END)
    return say(_UNTIL, at=date_and_time(block.until), soon=from_now(block.until))


def _buttons(number: int, pages: int) -> list[BlocksPageButton]:
    return [
        BlocksPageButton(max(number - 1, 0), "Newer", disabled=number == 0),
        BlocksPageButton(min(number + 1, _LAST_PAGE), "Older", disabled=number + 1 >= pages),
    ]
