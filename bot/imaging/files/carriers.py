"""What may stand in a file beside its pixels, and where labels are found in it."""

from dataclasses import dataclass, field

from bot.imaging.files.exif import aigc_texts

MAX_TEXT_BYTES = 4 << 20  # a packed text may unpack to this much, and a packet have so much
MAX_PROFILE_BYTES = 8 << 20  # the largest in use, lookup tables of displays, have about 4 MB


MOST_TEXTS, MOST_OF_TEXT = 64, 4096  # texts, and characters of each
_MOST_UNPACKED = 4 * MAX_TEXT_BYTES


@dataclass(slots=True)
class Carriers:
    """What was found where metadata may be: XMP, AIGC texts outside it, C2PA.

    `extended` is the rest of a packet too large for one JPEG segment. `texts` are pairs of a
    keyword and its text, `exif` begins with its byte order; `room` is how many bytes packed texts
    may still unpack to, all together.
    """

    xmp: bytes | None = None
    extended: bytes | None = None
    aigc: list[str] = field(default_factory=list)
    c2pa: bool = False
    texts: list[tuple[str, str]] = field(default_factory=list)
    exif: bytes | None = None
    room: int = _MOST_UNPACKED

    def note_text(self, keyword: str, text: str) -> None:
        """Keep a text, among the first of them, and of a long one its beginning."""
        if len(self.texts) < MOST_TEXTS:
            self.texts.append((keyword, text[:MOST_OF_TEXT]))

    def note_exif(self, exif: bytes) -> None:
        """Keep the first EXIF, and the labels in any."""
        self.exif = self.exif or exif
        self.aigc += aigc_texts(exif)


@dataclass(frozen=True, slots=True)
class Split:
    """A file taken apart: `pixels` is the same picture without anything that tells no pixel.

    `exif` begins with its byte order ("II" or "MM").
    """

    pixels: bytes
    profile: bytes | None = None
    exif: bytes | None = None
