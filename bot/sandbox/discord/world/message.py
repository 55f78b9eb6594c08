"""What a message is: its text, components, files and who sees it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.discord.world.cdn import Attachment
from bot.sandbox.discord.world.world import JSON, Channel, User

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

SELECTS = {3, 5, 6, 7, 8}  # component types: string, user, role, mentionable, channel


def walk(components: Iterable[JSON]) -> Iterator[JSON]:
    """Every component of a tree, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for slot in ("accessory", "component"):
            if component.get(slot):
                yield from walk([component[slot]])


def numbered(components: list[JSON]) -> list[JSON]:
    """Give every component an id of its own."""
    taken = {c["id"] for c in walk(components) if c.get("id")}
    free = (n for n in range(1, 1000) if n not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
    return components


@dataclass(frozen=True)
class Button:
    """A button as a member sees it."""

    label: str
    custom_id: str | None
    disabled: bool
    url: str | None


@dataclass(eq=False)
class Message:
    """A message as it is now: edits change this very object."""

    id: str
    channel: Channel = field(repr=False)
    author: User
    created_at: float
    content: str = ""
    flags: int = 0
    type: int = 0
    components: list[JSON] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[JSON] = field(default_factory=list)
    edited_at: float | None = None
    recipient: User | None = None  # who alone sees it, when ephemeral
    mentions: list[str] = field(default_factory=list)  # user ids it pings
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    nonce: str | int | None = None
    reference: "Message | None" = None
    interaction: JSON | None = field(default=None, repr=False)
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one member sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it is the "thinking" of a defer."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything readable: content, embed titles and bodies, text displays, a line each."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [str(c["content"]) for c in walk(self.components) if c["type"] == 10]
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[Button]:
        """The buttons, from top to bottom."""
        return [
            Button(c.get("label") or "", c.get("custom_id"), bool(c.get("disabled")), c.get("url"))
            for c in walk(self.components)
            if c["type"] == 2
        ]
