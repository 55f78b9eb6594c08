"""The pictures that a message shows: attachments, galleries, embeds, also of a forwarded one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.http import Route
from yarl import URL

from bot.domain.discord_limits import CHOICES
from bot.domain.wording.sentences import say
from cogs.views.job_buttons import cog_of

# Where Discord keeps uploads, resizes them, and copies what others link to (2026-08).
_HOSTS = frozenset(
    {
        "cdn.discordapp.com",
        "media.discordapp.net",
        "images-ext-1.discordapp.net",
        "images-ext-2.discordapp.net",
    }
)
_SIZE_UNSAID = 10 * 1024 * 1024  # bytes that are kept room for; a member's usual upload limit

_WHICH = "Which picture?"
_PICTURE = "Picture {number}"
_PLACE = r"(?P<place>[0-9a-z]{13}|[0-9]{1,20}:[0-9]{1,20})"


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture at one of Discord's own addresses; `size` is in bytes.

    `is_hidden`: it is shown at a click alone. `is_stated`: Discord states the size, else it is the
    most that there is room for.
    """

    url: str
    name: str
    size: int
    is_hidden: bool = False
    is_stated: bool = True


def pictures_in(message: discord.Message) -> list[ShownPicture]:
    """Return the pictures of a message, each once, from top to bottom.

    What lies at any other host than Discord's is left out: an address in a message is only text.
    """
    found: dict[str, ShownPicture] = {}
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        for picture in _pictures_of(part):
            if is_discords(picture.url):
                found.setdefault(URL(picture.url).path, picture)
    return list(found.values())


def _pictures_of(part: discord.Message | discord.MessageSnapshot) -> Iterator[ShownPicture]:
    for file in part.attachments:
        if (file.content_type or "").startswith("image/"):
            yield ShownPicture(file.url, file.filename, file.size, file.is_spoiler())
    yield from _in_components(part.components)
    for embed in part.embeds:
        for media in (embed.image, embed.thumbnail):
            if media.proxy_url:
                yield _unsized(media.proxy_url)


def _in_components(components: Iterable[Any]) -> Iterator[ShownPicture]:
    for component in components:
        for item in (component, *getattr(component, "items", ())):
            media = getattr(item, "media", None)
            if isinstance(media, discord.UnfurledMediaItem) and _may_be_picture(media):
                yield _unsized(_address_of(media), is_hidden=item.spoiler)
        accessory = getattr(component, "accessory", None)
        yield from _in_components([accessory] if accessory is not None else [])
        yield from _in_components(getattr(component, "children", ()))


def _address_of(media: discord.UnfurledMediaItem) -> str:
    """Return where the file lies, if at Discord, as that is its attachment's; else its copy."""
    return media.url if is_discords(media.url) else media.proxy_url or media.url


def _may_be_picture(media: discord.UnfurledMediaItem) -> bool:
    return (media.content_type or "image/").startswith("image/")


def _unsized(url: str, *, is_hidden: bool = False) -> ShownPicture:
    return ShownPicture(url, URL(url).name, _SIZE_UNSAID, is_hidden, is_stated=False)


def is_discords(address: str) -> bool:
    """Tell whether Discord serves an address itself; a stand-in for it serves its own files."""
    url, api = URL(address), URL(Route.BASE)
    if url.origin() == api.origin():
        return True
    return url.scheme == "https" and url.explicit_port is None and url.host in _HOSTS


class _RestyleMenuCog(Protocol):
    async def pick(
        self, interaction: discord.Interaction[Any], place: str, number: int
    ) -> None: ...


class PictureSelect(ui.DynamicItem[ui.Select[Any]], template=f"easel:pick:{_PLACE}"):
    """Asks which of several pictures is meant; `place` is a job's id, or "channel:message"."""

    def __init__(self, place: str, select: ui.Select[Any]) -> None:
        super().__init__(select)
        self.place = place

    @classmethod
    def of(cls, place: str, count: int) -> Self:
        """Return the select with so many pictures, as far as it takes them."""
        options = [
            discord.SelectOption(value=str(number), label=say(_PICTURE, number=number + 1))
            for number in range(min(count, CHOICES))
        ]
        custom_id = f"easel:pick:{place}"
        return cls(place, ui.Select(custom_id=custom_id, placeholder=_WHICH, options=options))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take the select up again, also after a restart."""
        return cls(match["place"], cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Go on with the picture that was chosen."""
        cog = cast("_RestyleMenuCog", cog_of(interaction, "RestyleMenu"))
        await cog.pick(interaction, self.place, int(self.item.values[0]))
