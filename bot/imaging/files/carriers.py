"""What may stand in a file beside its pixels, and where labels are found in it."""

from dataclasses import dataclass, field

MAX_TEXT_BYTES = 4 << 20  # a packed text may unpack to this much, and a packet have so much
MAX_PROFILE_BYTES = 8 << 20  # the largest in use, lookup tables of displays, have about 4 MB


@dataclass(slots=True)
class Carriers:
    """What was found where metadata may be: XMP, AIGC texts outside it, C2PA.

    `extended` is the rest of a packet too large for one JPEG segment.
    """

    xmp: bytes | None = None
    extended: bytes | None = None
    aigc: list[str] = field(default_factory=list)
    c2pa: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A file taken apart: `pixels` is the same picture without anything that tells no pixel.

    `exif` begins with its byte order ("II" or "MM").
    """

    pixels: bytes
    profile: bytes | None = None
    exif: bytes | None = None
