"""The refusals of uploads that are no pictures, or not such as can be taken."""

from typing import Any

from bot.domain.errors import NotPossible
from bot.domain.wording.file_sizes import mib, mib_over

TAKEN = "JPEG, PNG, WebP, HEIC, AVIF, BMP or TIFF"


class ShownTooLarge(NotPossible):
    """`limit` is in bytes; how large it is nobody has said, and it was not read to its end."""

    sentence = (
        "That picture is larger than {allowed}, which is the most that is fetched from there."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)

    @property
    def gaps(self) -> dict[str, Any]:
        """The limit in words."""
        return {"allowed": mib(self.facts["limit"])}


class LargerThanStated(NotPossible):
    """`size` is in bytes, as Discord states it; more came, and it was not read to its end."""

    sentence = (
        "The upload is larger than the {size:,} bytes that Discord states, and no more than those "
        "are fetched. Please send it again."
    )

    def __init__(self, size: int) -> None:
        super().__init__(size=size)


class FileTooLarge(NotPossible):
    """`size` and `limit` are in bytes."""

    sentence = "The file is {shown}; pictures up to {allowed} are taken."

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size=size, limit=limit)

    @property
    def gaps(self) -> dict[str, Any]:
        """The sizes in words."""
        size, limit = self.facts["size"], self.facts["limit"]
        return {"shown": mib_over(size, limit), "allowed": mib(limit)}


class NotAPicture(NotPossible):
    sentence = f"That file is not a picture Easel can read. Send a {TAKEN}."


class PictureFormatRefused(NotPossible):
    sentence = f"{{format}} pictures are not taken. Send a {TAKEN}."


class PictureDamaged(NotPossible):
    sentence = "The picture is damaged or incomplete. Save it again and send that."


class PictureHeaderNonsense(NotPossible):
    sentence = (
        "The file says that it is {width} × {height} pixels, which no picture is. "
        "Save it again and send that."
    )


class PictureNotBaseline(NotPossible):
    sentence = (
        "That JPEG of {width} × {height} pixels is stored in passes that take too much memory or "
        "time to read. Save it as a normal (baseline) JPEG and send that."
    )


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
    sentence = (
        "Reading that picture takes too much time or memory. Save it anew as a JPEG and send that."
    )
