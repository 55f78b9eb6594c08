"""What is read of strangers' credentials asks nobody, and shows no more than fits."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import c2pa
import pytest

from bot.domain.labels.credentials import Standing
from bot.imaging.credentials.reading import read_credentials
from tests.imaging import corpus
from tests.imaging.credentials.finished import finished
from tests.imaging.credentials.kept import LABEL, MODIFIED, keep, signer

_EDITS = [{"action": "c2pa.edited"}] * 59


class Door:
    """A port of this machine; `knocks` counts who came."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}/manifest.c2pa"
        self.knocks = 0
        threading.Thread(target=self._stand, daemon=True).start()

    def _stand(self) -> None:
        while True:
            try:
                visitor, _ = self._server.accept()
            except OSError:
                return
            self.knocks += 1
            visitor.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.close()


def by_somebody(folder: Path, title: str = "", remote: str = "") -> bytes:
    """A JPEG of another program's, whose manifest may lie elsewhere."""
    kept = keep(folder)
    created = {"action": "c2pa.created", "digitalSourceType": LABEL.origin.source_type}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created, *_EDITS]}}
    builder = c2pa.Builder({"format": "image/jpeg", "title": title, "assertions": [actions]})
    if remote:
        builder.set_no_embed()
        builder.set_remote_url(remote)
    info = c2pa.C2paSignerInfo(b"es256", kept.chain.chain, kept.chain.key, None)
    out = io.BytesIO()
    builder.sign(c2pa.Signer.from_info(info), "image/jpeg", io.BytesIO(corpus.saved("JPEG")), out)
    return out.getvalue()


def test_an_address_that_a_picture_names_is_asked_by_nobody(tmp_path: Path, door: Door) -> None:
    data = by_somebody(tmp_path, remote=door.address)
    before = door.knocks
    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.ELSEWHERE

    result = finished(corpus.saved("PNG"), signer(keep(tmp_path)), MODIFIED, data).data
    assert read_credentials(result) is not None
    assert door.knocks == before


def test_of_what_a_stranger_wrote_no_more_is_shown_than_fits(tmp_path: Path) -> None:
    found = read_credentials(by_somebody(tmp_path, title="x" * 5000))
    assert found is not None
    assert found.standing is not Standing.ALTERED
    assert len(found.title) == 200
    assert len(found.actions) == 50


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "JPEG", "PNG", "WEBP"])
def test_a_picture_without_a_manifest_has_none(kind: str) -> None:
    assert read_credentials(corpus.saved(kind)) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"no picture", bytes(9999)])
def test_what_is_no_picture_has_none_either(data: bytes) -> None:
    assert read_credentials(data) is None


def test_a_torn_manifest_is_broken(tmp_path: Path) -> None:
    data = by_somebody(tmp_path)
    found = read_credentials(data.replace(b"jumb", b"jumd", 1))
    assert found is not None
    assert found.standing is Standing.BROKEN
