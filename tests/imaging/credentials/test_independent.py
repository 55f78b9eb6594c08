"""What we sign is read by others: c2pa-ts, which shares no code with our library, and exiftool."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.imaging import corpus
from tests.imaging.credentials.finished import KINDS, UPLOAD, finished
from tests.imaging.credentials.kept import MODIFIED, keep, signer

ROOT = Path(__file__).parents[3]
_READER = Path(__file__).with_name("independent.mjs")
_IS_THERE = (ROOT / "node_modules" / "@trustnxt" / "c2pa-ts").is_dir() and shutil.which("node")

on_node = pytest.mark.skipif(
    not _IS_THERE, reason="no node with @trustnxt/c2pa-ts, which .ci/run installs"
)
on_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="no exiftool here")


def read(*files: Path) -> list[dict[str, Any]]:
    ended = subprocess.run(  # noqa: S603 - our own words
        ["node", _READER, *files],  # noqa: S607 - the system's
        check=True,
        capture_output=True,
        timeout=60,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


@on_node
def test_another_reader_finds_signatures_valid_and_each_change(tmp_path: Path) -> None:
    by = signer(keep(tmp_path))
    jpeg = finished(corpus.saved("JPEG", size=(400, 300)), by).data
    png = finished(corpus.saved("PNG", size=(400, 300)), by, MODIFIED, UPLOAD).data
    changed = bytearray(jpeg)
    changed[-40] ^= 1
    files = []
    for number, data in enumerate((jpeg, png, bytes(changed), corpus.saved("PNG"))):
        files.append(tmp_path / f"{number}.bin")
        files[-1].write_bytes(data)

    of_jpeg, of_png, of_changed, of_unsigned = read(*files)
    assert of_jpeg["valid"] is True, of_jpeg
    assert of_png["valid"] is True, of_png
    assert of_changed["valid"] is False
    assert "assertion.dataHash.mismatch" in of_changed["codes"]
    assert of_unsigned["valid"] is None


@on_exiftool
@pytest.mark.parametrize("kind", KINDS)
def test_exiftool_reads_both_the_metadata_and_the_manifest(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"picture.{kind.lower()}"
    file.write_bytes(finished(corpus.saved(kind), signer(keep(tmp_path))).data)
    ended = subprocess.run(  # noqa: S603 - our own words
        ["exiftool", "-json", "-G1", "-a", "-u", file],  # noqa: S607 - the system's
        check=True,
        capture_output=True,
        timeout=60,
    )
    [said] = json.loads(ended.stdout)
    assert said["XMP-iptcExt:DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
    if kind != "WEBP":  # where exiftool 12 looks for no manifest
        assert any(name.startswith("JUMBF:") for name in said)
