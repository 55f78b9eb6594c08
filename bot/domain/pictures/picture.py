"""Pictures as the program hands them on: bytes with what is known of them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.wording.labels import USUAL_LABEL


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `mime` is sniffed from the bytes, never taken from a name."""

    data: bytes
    mime: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        """The file name's ending that fits `mime`, without the dot."""
        return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}[self.mime]


@dataclass(frozen=True, slots=True)
class Attachments:
    """One message's pictures; `is_shrunk`: made smaller than they were, to fit into it.

    `unread` more are kept, and not here because they cannot be read. `label` is what is drawn into
    each: their message says the same.
    """

    pictures: tuple[Picture, ...]
    is_shrunk: bool = False
    unread: int = 0
    label: str = USUAL_LABEL


class Corner(StrEnum):
    """Where in a picture its label stands."""

    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"
    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"


@dataclass(frozen=True, slots=True)
class Label:
    """What a result must say of itself, in the pixels and in the metadata.

    `text` is drawn in a `corner`; `producer` names who runs the bot; `edited` tells a
    restyled upload from a picture made from words alone; `created_at` is unix seconds.
    """

    text: str
    producer: str
    job_id: str
    system: str
    system_version: str = ""
    edited: bool = False
    created_at: float = 0.0
    corner: Corner = Corner.BOTTOM_LEFT
