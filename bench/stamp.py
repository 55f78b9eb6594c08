"""Test pictures, and an artist for the stand-in that takes no effort over them."""

import io
import os

from PIL import Image


def photo(size: tuple[int, int]) -> bytes:
    """Return a JPEG with a photo's amount of detail."""
    noise = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))
    out = io.BytesIO()
    noise.reduce(4).resize(size).save(out, "JPEG", quality=90)
    return out.getvalue()


class Stamp:
    """An artist without effort, so that the two cores are the bot's: always the same picture."""

    def __init__(self, picture: bytes) -> None:
        self._picture = picture

    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        """Return the picture."""
        del prompt, size, seed, style
        return self._picture

    def restyle(
        self,
        picture: bytes,
        *,
        prompt: str,
        strength: float = 0.7,
        style: str | None = None,
        seed: int = 0,
    ) -> bytes:
        """Return the picture."""
        del picture, prompt, strength, style, seed
        return self._picture
