"""Looks at the header of a BMP; what Pillow does not read of it is refused by its reason."""

import io
import struct

from PIL import BmpImagePlugin

from bot.domain.picture_errors import PictureFormatRefused
from bot.imaging.bare import Bare

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
    (stated,) = struct.unpack_from("<I", data, 2)
    is_whole = 0 < stated <= len(data)
    parser = BmpImagePlugin.BmpImageFile
    return Bare(data, picture.size, parser, unread=_ODD if is_whole else None)
