"""What signing a labelled picture takes, in time and in bytes: from words, from an upload, read."""

import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PIL import Image

from bench.figures import table
from bot.domain.labels.credentials import CredentialFiles
from bot.domain.labels.label import Label
from bot.imaging.credentials.own_chain import own_chain
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.credentials.signing import Signer
from bot.imaging.labels.finish import Labeller

SIDES = (1024, 2048)
KINDS = ("JPEG", "PNG", "WEBP")
ROUNDS = 25
LABEL = Label("AI-generated", "", "0000abcdef123", "an engine", created_at=1.8e9)


def picture(kind: str, side: int) -> bytes:
    """Return a picture as detailed as a photo."""
    noise = Image.frombytes("RGB", (side // 2,) * 2, os.urandom(3 * side * side // 4)).reduce(2)
    out = io.BytesIO()
    noise.resize((side, side), Image.Resampling.BICUBIC).save(out, kind)
    return out.getvalue()


def ms(work: Callable[[], object]) -> str:
    """Return the median CPU time of a call."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return f"{1000 * median(taken):.1f} ms"


def kept(folder: Path) -> CredentialFiles:
    """Write a chain and its key."""
    chain, files = own_chain("bench", time.time()), CredentialFiles(folder / "c", folder / "k")
    files.chain.write_bytes(chain.chain)
    files.key.write_bytes(chain.key)
    return files


def row(signer: Signer, kind: str, side: int) -> list[str]:
    mime, upload = f"image/{kind.lower()}", picture("JPEG", side)
    labelled = Labeller(picture(kind, side), LABEL).within(float("inf")).data
    alone, edited = signer.seal(LABEL), signer.seal(LABEL, [upload])
    signed = alone.sealed(labelled, mime, None)
    from_upload = edited.sealed(labelled, mime, None)
    return [
        f"{side} {kind}, {len(labelled) / 1000:.0f} kB",
        ms(lambda: alone.sealed(labelled, mime, None)),
        f"{(len(signed) - len(labelled)) / 1000:.1f} kB",
        ms(lambda: edited.sealed(labelled, mime, None)),
        f"{(len(from_upload) - len(labelled)) / 1000:.1f} kB",
        ms(lambda: read_credentials(signed)),
    ]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = kept(Path(folder))
        signer = Signer(files, timestamp="", now=time.time, monotonic=time.monotonic)
        rows = [row(signer, kind, side) for side in SIDES for kind in KINDS]
    header = ["labelled picture", "signed", "adds", "with its upload", "adds", "read and checked"]
    print(table("Content Credentials, without a timestamp server, CPU time", header, rows))
