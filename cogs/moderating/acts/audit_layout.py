"""What /audit shows: a page of acts, and the buttons to the pages beside it."""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.moderation.acts import WrittenAct
from bot.domain.wording.mentions import date_and_time
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say
from bot.services.moderation.audit import AuditLook, AuditPage
from cogs.views.fitting import as_long_as_fits
from cogs.views.job_buttons import cog_of
from cogs.views.moderating.act_texts import act_text

_TITLE = "**What moderators did here, newest first**"
_TITLE_OF_ONE = (
    "**What {user_id:member} did as a moderator here, or what moderators did about them**"
)
_PAGE = "-# Page {page}. Nobody can change or remove what is written here."
_NOTHING = "Nothing is written down yet."
# Characters of each text of an act; the fewer, the longer the acts of a page are together.
_SHOWN = (500, 200, 80, 24)

# No number here is larger than the database takes, whoever made it up.
_LAST_PAGE = 9999
_LOOK = r"(?P<page>\d{1,4}):(?P<limit>\d{1,4}):(?P<up_to>\d{1,9}):(?P<user>[1-8]?\d{1,18})"


class _AuditCog(Protocol):
    async def turn(self, interaction: discord.Interaction[Any], look: AuditLook) -> None: ...


class AuditPageButton(ui.DynamicItem[ui.Button[Any]], template=f"easel:audit:{_LOOK}"):
    """Turns to another page of the same look, also after a restart."""

    def __init__(self, look: AuditLook, label: str = "", *, disabled: bool = False) -> None:
        custom_id = f"easel:audit:{look.page}:{look.limit}:{look.up_to}:{look.user_id}"
        super().__init__(ui.Button(custom_id=custom_id, label=label, disabled=disabled))
        self.look = look

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id."""
        look = AuditLook(
            limit=int(match["limit"]),
            user_id=int(match["user"]),
            up_to=int(match["up_to"]),
            page=int(match["page"]),
        )
        return cls(look, getattr(item, "label", "") or "")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place of the one before."""
        await cast("_AuditCog", cog_of(interaction, "Audit")).turn(interaction, self.look)


class AuditLayout(ui.LayoutView):
    """One page of moderators' acts; only who asked sees it."""

    def __init__(self, page: AuditPage) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*map(ui.TextDisplay, _texts(page))))
        if page.look.page or page.has_older:
            self.add_item(ui.ActionRow(*_buttons(page)))


def _texts(page: AuditPage) -> list[str]:
    look = page.look
    head = say(_TITLE_OF_ONE if look.user_id else _TITLE, user_id=look.user_id)
    if not page.acts:
        return [head, say(_NOTHING)]
    foot = say(_PAGE, page=look.page + 1)
    room = LAYOUT_CHARS - len(head) - len(foot)
    return [head, *as_long_as_fits(page.acts, _entry, _SHOWN, room), foot]


def _entry(act: WrittenAct, most: int) -> Markup:
    return say("{at} {act}", at=date_and_time(act.at), act=act_text(act, most))


def _buttons(page: AuditPage) -> list[AuditPageButton]:
    newer = _beside(page.look, -1, "Newer", is_there=page.look.page > 0)
    return [newer, _beside(page.look, 1, "Older", is_there=page.has_older)]


def _beside(look: AuditLook, step: int, label: str, *, is_there: bool) -> AuditPageButton:
    there = AuditLook(look.limit, look.user_id, look.up_to, _page(look.page + step))
    return AuditPageButton(there, label, disabled=not is_there)


def _page(number: int) -> int:
    """Return a page that a button can name; one that is not there is that of a disabled button."""
    return min(max(number, 0), _LAST_PAGE)
