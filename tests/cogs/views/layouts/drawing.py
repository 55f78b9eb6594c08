"""Draws a layout as text that a reviewer can read: what stands where, and what each button is."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui


def drawn(layout: ui.LayoutView) -> str:
    """The layout as a client gets it, from top to bottom; small print and quotes as markdown."""
    return "\n".join(line for part in layout.to_components() for line in _lines(part)) + "\n"


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
        for number, item in enumerate(part["items"], start=1):
            spoiler = ", spoiler" if item.get("spoiler") else ""
            yield f"▣ picture {number}{spoiler}: {item['description']}"
    elif kind is discord.ComponentType.action_row:
        yield "  ".join(map(_control, part["components"]))
    else:
        yield f"{kind.name}: {part}"


def _control(part: dict[str, Any]) -> str:
    """A button as [label], a select as its options, each with the id that tells what it does."""
    kind = str(part["custom_id"]).rsplit(":", 1)[0]
    disabled = ", disabled" if part.get("disabled") else ""
    if part["type"] == discord.ComponentType.button.value:
        style = discord.ButtonStyle(part["style"])
        loud = "" if style is discord.ButtonStyle.secondary else f", {style.name}"
        return f"[{part['label']}]({kind}{loud}{disabled})"
    options = " | ".join(option["label"] for option in part["options"])
    return f"<{part.get('placeholder', '')}: {options}>({kind})"
