"""Which of an earlier job's pictures goes to an engine as it is, told without decoding it."""

from bot.domain.pictures.picture import Picture
from bot.imaging.files import png_file
from bot.imaging.files.sniff import sniff
from bot.imaging.pixels.decode import open_picture

_UPRIGHT = 1


def as_kept(data: bytes) -> Picture | None:
    """Return a JPEG as it is, an opaque PNG without what stands beside its pixels, of others None.

    Raises what `open_picture` raises. Only for what was decoded before: pixels are not looked at.
    """
    source, kind = open_picture(data), sniff(data)
    if kind == "JPEG":
        return Picture(data, "image/jpeg", *source.size)
    is_as_shown = source.orientation == _UPRIGHT and source.profile is None
    if kind == "PNG" and is_as_shown and png_file.is_plain_rgb(data):
        return Picture(png_file.split(data).pixels, "image/png", *source.size)
    return None
