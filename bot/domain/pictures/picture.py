"""Pictures as the program hands them on: bytes with what is known of them."""

from dataclasses import dataclass

from bot.domain.labels.fingerprint import Fingerprint
from bot.domain.labels.wording import USUAL_LABEL


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `mime` is sniffed from the bytes, never taken from a name.

    `fingerprint` is there where it is to be known again.
    """

    data: bytes
    mime: str
    width: int
    height: int
    fingerprint: Fingerprint | None = None

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
