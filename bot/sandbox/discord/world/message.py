"""What messages are made of: components, buttons and files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.discord.world.people import JSON

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

SELECTS = {3, 5, 6, 7, 8}  # component types: string, user, role, mentionable, channel


@dataclass(eq=False)
class Attachment:
    """A file on the CDN; `description` is its alt text, sizes are in pixels and bytes."""

    id: str
    channel_id: str
    filename: str
    content_type: str
    data: bytes = field(repr=False)
    description: str | None = None
    width: int | None = None
    height: int | None = None


def walk(components: Iterable[JSON]) -> Iterator[JSON]:
    """Every component of a tree, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for slot in ("accessory", "component"):
            if component.get(slot):
                yield from walk([component[slot]])


def numbered(components: list[JSON]) -> list[JSON]:
    """Give every component an id of its own, and show Discord's own as strings."""
    taken = {c["id"] for c in walk(components) if c.get("id")}
    free = (n for n in range(1, 1000) if n not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
        for chosen in component.get("default_values") or ():
            chosen["id"] = str(chosen["id"])
    return components


@dataclass(frozen=True)
class Button:
    """A button as a member sees it."""

    label: str
    custom_id: str | None
    disabled: bool
    url: str | None


def readable(content: str, embeds: Iterable[JSON], components: Iterable[JSON]) -> str:
    """Everything readable: content, embed titles and bodies, text displays, a line each."""
    parts = [content]
    for embed in embeds:
        parts += [embed.get("title") or "", embed.get("description") or ""]
    parts += [str(c["content"]) for c in walk(components) if c["type"] == 10]
    return "\n".join(part for part in parts if part)


def buttons_of(components: Iterable[JSON]) -> list[Button]:
    """Give the buttons, from top to bottom."""
    return [
        Button(c.get("label") or "", c.get("custom_id"), bool(c.get("disabled")), c.get("url"))
        for c in walk(components)
        if c["type"] == 2
    ]
