"""Pictures as they are posted, signed or not, and as an API sends them that signs its own."""

from pathlib import Path

from bot.domain.labels.label import Label
from bot.domain.pictures.picture import Picture
from bot.imaging.credentials.signing import Signer
from bot.imaging.labels.finish import Labeller
from tests.imaging import corpus
from tests.imaging.credentials.kept import LABEL, keep, signer

KINDS = ("JPEG", "PNG", "WEBP")
UPLOAD = corpus.saved("JPEG", size=(300, 200))


def finished(
    raw: bytes, by: Signer | None, label: Label = LABEL, *uploads: bytes, most: float = float("inf")
) -> Picture:
    seal = by.seal(label, uploads) if by else None
    return Labeller(raw, label, seal).within(most)


def signed_upstream(kind: str, folder: Path, *, is_altered: bool = False) -> bytes:
    """What an API sends that signs its pictures itself."""
    folder.mkdir()
    raw = finished(corpus.saved(kind, size=(400, 300)), signer(keep(folder))).data
    return raw.replace(b"c2pa.created", b"c2pa.drawing") if is_altered else raw
