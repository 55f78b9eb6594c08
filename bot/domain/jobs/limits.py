"""How much may run, wait and be uploaded: plain numbers, read by the services and the claim."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.pictures.picture import Picture
from bot.domain.wording.file_sizes import MIB

MIN_SIDE_PX = 50  # both sides must be over it (seed 003)
MAX_UPLOAD_BYTES = 25 * MIB
MAX_PIXELS = 25_000_000  # what a decoder is asked to unpack at the most: about 100 MB
MAX_JPEG_PIXELS = 16_384 * 12_288  # a JPEG is unpacked at 1/2 to 1/8; phones' largest sensors
MAX_HEIF_PIXELS = 50_000_000  # HEIC and AVIF, phones' 48 megapixels: at most 500 MB (measured)
MAX_HEADER_SIDE_PX = 20_000  # larger sides are refused from the header, before any decoding
NONSENSE_SIDE_PX = 1_000_000  # no picture has such a side: the header itself is wrong
# A JPEG in passes is held as coefficients, 2 bytes per sample, until its last one was read.
MAX_COEFFICIENT_BYTES = 350_000_000
# Every pass goes over its blocks of 64 samples again; ordinary ones are 6 to 10 visits of each.
MAX_BLOCK_VISITS = 30_000_000
MAX_PARTS = 100_000  # segments, chunks, strips: ordinary files have hundreds
# "8 MB after Base64" does not say which megabyte, so the smaller reading, less a margin (seed 003).
MAX_API_BYTES = 5_925_000
_JPEG, _PNG = "image/jpeg", "image/png"
MAX_SEED = 4_294_967_295  # (aiart and VOD APIs, 2026-10)


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What may run at once; `pools` maps a pool's name to its concurrency."""

    pools: Mapping[str, int]
    per_guild: int = 2
    per_user: int = 1
    queued_per_user: int = 10
    max_wait_s: float = 6 * 3600


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What an engine takes as an input picture: sides in pixels, bytes as sent, before Base64.

    `alpha`: a PNG is taken as well as a JPEG, so that what is transparent stays so.
    """

    min_side: int = MIN_SIDE_PX
    max_side: int = 2048  # ImageToImage answers at most 2000 px, so more is only slower (seed 003)
    max_bytes: int = MAX_API_BYTES
    alpha: bool = False

    def allow(self, picture: Picture) -> bool:
        """Tell whether a picture may be sent as it is."""
        short, long = sorted((picture.width, picture.height))
        is_small_enough = long <= self.max_side and len(picture.data) <= self.max_bytes
        is_taken = picture.mime == _JPEG or (self.alpha and picture.mime == _PNG)
        return is_taken and is_small_enough and short > self.min_side

    def at_most(self, max_bytes: int) -> "PictureLimits":
        """Return these limits with no more than so many bytes."""
        return replace(self, max_bytes=min(self.max_bytes, max_bytes))
