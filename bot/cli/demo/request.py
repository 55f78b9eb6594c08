"""What was asked of the demo on the command line."""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.checkup.places import check_folder
from bot.domain.operator_errors import FileUnusable
from bot.sandbox.discord.world.forms import Upload

OUT_REMEDY = "Choose another folder with --out."
_IMAGE_REMEDY = "Choose another file with --image."


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What was asked on the command line."""

    port: int
    once: bool
    image: Path | None
    prompt: str
    out: Path

    def photo(self) -> Upload:
        """Return the photo to restyle: the given file, or the shipped cat; raises FileUnusable."""
        if self.image is not None:
            return Upload(self.image.name, _read(self.image))
        cat = files("bot.sandbox").joinpath("photos/cat.jpg")
        return Upload("cat.jpg", cat.read_bytes())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise FileUnusable(file=file, done="read", why=why, remedy=_IMAGE_REMEDY) from None


def check_out(request: DemoRequest) -> None:
    """Raise FileUnusable where the scripted round could not write what it gets."""
    if request.once:
        check_folder(request.out, remedy=OUT_REMEDY)
