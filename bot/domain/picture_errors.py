"""The refusals of uploads that are no pictures, or not such as can be taken."""

from bot.domain.errors import NotPossible


class FileTooLarge(NotPossible):
    sentence = "The file has {size_mb:.1f} MB; pictures up to {limit_mb:.0f} MB are taken."


class NotAPicture(NotPossible):
    sentence = "That file is not a picture Easel can read. Send a JPEG, PNG, WebP, BMP or TIFF."


class PictureFormatRefused(NotPossible):
    sentence = "{format} pictures are not taken. Send a JPEG, PNG, WebP, BMP or TIFF."


class PictureDamaged(NotPossible):
    sentence = "The picture is damaged or incomplete. Save it again and send that."


class PictureTooSmall(NotPossible):
    sentence = "The picture is {width} × {height} pixels; both sides must be over {minimum} pixels."


class PictureTooNarrow(NotPossible):
    sentence = (
        "The picture is {width} × {height} pixels; the long side may be at most {ratio} times "
        "the short one."
    )


class PictureTooManyPixels(NotPossible):
    sentence = (
        "The picture is {width} × {height} pixels; at most {limit_mp:.0f} megapixels "
        "and {edge} pixels on a side are taken."
    )


class PictureTooDemanding(NotPossible):
    sentence = "Reading that picture took more than {seconds:.0f} seconds or too much memory."
