"""An artist for Tencent's stand-in that takes no effort over its pictures."""

from io import BytesIO

from PIL import Image


class QuickArtist:
    """Makes plain pictures at once; the stand-in's own takes longer than the suite may."""

    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        out = BytesIO()
        Image.new("RGB", size, (seed * 37 % 256, len(prompt) % 256, len(style or ""))).save(
            out, "JPEG"
        )
        return out.getvalue()

    def restyle(
        self,
        picture: bytes,
        *,
        prompt: str,
        strength: float = 0.7,
        style: str | None = None,
        seed: int = 0,
    ) -> bytes:
        with Image.open(BytesIO(picture)) as opened:
            size = opened.size
        return self.paint(f"{prompt}{strength}", size, seed=seed, style=style)
