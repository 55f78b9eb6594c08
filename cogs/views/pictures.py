"""The pictures that a message shows: attachments, galleries, embeds, also of a forwarded one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord.http import Route
from yarl import URL

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


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture at one of Discord's own addresses; `size` is in bytes."""

    url: str
    name: str
    size: int


def pictures_in(message: discord.Message) -> list[ShownPicture]:
    """Return the pictures of a message, each once, from top to bottom.

    What lies at any other host than Discord's is left out: an address in a message is only text.
    """
    found: dict[str, ShownPicture] = {}
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        for picture in _pictures_of(part):
            if _is_discords(picture.url):
                found.setdefault(URL(picture.url).path, picture)
    return list(found.values())


def _pictures_of(part: discord.Message | discord.MessageSnapshot) -> Iterator[ShownPicture]:
    for file in part.attachments:
        if (file.content_type or "").startswith("image/"):
            yield ShownPicture(file.url, file.filename, file.size)
    yield from _in_components(part.components)
    for embed in part.embeds:
        for media in (embed.image, embed.thumbnail):
            if media.proxy_url:
                yield _unsized(media.proxy_url)


def _in_components(components: Iterable[Any]) -> Iterator[ShownPicture]:
    for component in components:
        media = [getattr(component, "media", None)]
        media += [item.media for item in getattr(component, "items", ())]
        for each in media:
            if isinstance(each, discord.UnfurledMediaItem) and _may_be_picture(each):
                yield _unsized(each.proxy_url or each.url)
        accessory = getattr(component, "accessory", None)
        yield from _in_components([accessory] if accessory is not None else [])
        yield from _in_components(getattr(component, "children", ()))


def _may_be_picture(media: discord.UnfurledMediaItem) -> bool:
    return (media.content_type or "image/").startswith("image/")


def _unsized(url: str) -> ShownPicture:
    return ShownPicture(url, URL(url).name, _SIZE_UNSAID)


def _is_discords(address: str) -> bool:
    """Tell whether Discord serves an address itself; a stand-in for it serves its own files."""
    url, api = URL(address), URL(Route.BASE)
    if url.origin() == api.origin():
        return True
    return url.scheme == "https" and url.explicit_port is None and url.host in _HOSTS
