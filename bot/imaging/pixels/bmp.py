"""Looks at the header of a BMP; what Pillow does not read of it is refused by its reason."""

import io
import struct

from PIL import BmpImagePlugin

from bot.domain.pictures.errors import PictureFormatRefused, PictureTooDemanding
from bot.domain.wording.file_sizes import MIB
from bot.imaging.files.bare import Bare

_MOST_RUN_BYTES = 4 * MIB  # with so many pixels 3 s of CPU at most (measured)
_MOST_RUN_PX = 12_000_000
_NOT_READ = "Unsupported BMP"  # how Pillow begins to say so
_ODD = "BMP of an unusual kind; such"


def read_bmp(data: bytes) -> Bare:
    """Return a BMP; raises PictureFormatRefused, or whatever the parser does."""
    try:
        picture = BmpImagePlugin.BmpImageFile(io.BytesIO(data))
    except (OSError, SyntaxError) as error:
        if str(error).startswith(_NOT_READ):
            raise PictureFormatRefused(format=_ODD) from error
        raise
    _check_runs(picture, len(data))
    (stated,) = struct.unpack_from("<I", data, 2)
    is_whole = 0 < stated <= len(data)
    parser = BmpImagePlugin.BmpImageFile
    return Bare(data, picture.size, parser, unread=_ODD if is_whole else None)


def _check_runs(picture: BmpImagePlugin.BmpImageFile, length: int) -> None:
    """Raise PictureTooDemanding for runs that would take long: Pillow reads them in Python."""
    is_in_runs = picture.tile[0].codec_name == "bmp_rle"
    if is_in_runs and (length > _MOST_RUN_BYTES or picture.width * picture.height > _MOST_RUN_PX):
        raise PictureTooDemanding
