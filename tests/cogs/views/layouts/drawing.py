"""Draws a layout as text that a reviewer can read: what stands where, and what each button is."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import discord
from discord import ui


def drawn(layout: ui.LayoutView | ui.Modal) -> str:
    """The layout as a client gets it, from top to bottom; small print and quotes as markdown."""
    title = [f"═══ {layout.title} ═══"] if isinstance(layout, ui.Modal) else []
    lines = [line for part in layout.to_components() for line in _lines(part)]
    return "\n".join((*title, *lines)) + "\n"


def _lines(part: dict[str, Any]) -> Iterator[str]:
    kind = discord.ComponentType(part["type"])
    if kind is discord.ComponentType.container:
        colour = part.get("accent_color")
        yield "┌── card" if colour is None else f"┌── card, colour #{colour:06x}"
        for child in part["components"]:
            yield from (f"│ {line}" for line in _lines(child))
        yield "└──"
    elif kind is discord.ComponentType.text_display:
        yield from part["content"].splitlines()
    elif kind is discord.ComponentType.media_gallery:
        yield from _pictures(part)
    elif kind is discord.ComponentType.action_row:
        yield "  ".join(map(_control, part["components"]))
    elif kind is discord.ComponentType.section:
        yield from chain.from_iterable(map(_lines, part["components"]))
        yield f"    {_control(part['accessory'])}"
    elif kind is discord.ComponentType.label:
        yield " ".join(filter(None, (part["label"], part.get("description"))))
        yield from (f"    {line}" for line in _field(part["component"]))
    else:
        yield f"{kind.name}: {part}"


def _pictures(part: dict[str, Any]) -> Iterator[str]:
    for number, item in enumerate(part["items"], start=1):
        spoiler = ", spoiler" if item.get("spoiler") else ""
        yield f"▣ picture {number}{spoiler}: {item['description']}"


def _field(part: dict[str, Any]) -> Iterator[str]:
    """A field of a form with what it is filled in with."""
    kind = discord.ComponentType(part["type"])
    needed = ", required" if part.get("required") else ""
    yield f"{kind.name} {part['custom_id']}{needed}"
    for option in part.get("options") or ():
        yield f"{'●' if option.get('default') else '○'} {option['label']}"
    for each in part.get("default_values") or ():
        yield f"● {each['type']} {each['id']}"
    value = part.get("value") or ""
    yield from (f"» {line}" for line in value.splitlines())
    if kind is discord.ComponentType.checkbox:
        yield "☑" if part.get("default") else "☐"


def _control(part: dict[str, Any]) -> str:
    """A button as [label], a select as its options, each with the id that tells what it does."""
    kind = str(part["custom_id"]).rsplit(":", 1)[0]
    disabled = ", disabled" if part.get("disabled") else ""
    if part["type"] == discord.ComponentType.button.value:
        style = discord.ButtonStyle(part["style"])
        loud = "" if style is discord.ButtonStyle.secondary else f", {style.name}"
        return f"[{part['label']}]({kind}{loud}{disabled})"
    options = " | ".join(option["label"] for option in part.get("options") or ())
    return f"<{part.get('placeholder', '')}: {options}>({kind})"
