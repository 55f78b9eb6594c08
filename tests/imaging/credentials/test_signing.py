"""Results are signed last, say how they came to be, and whatever is changed in them shows."""

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import c2pa
import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.domain.labels.credentials import Standing
from bot.imaging.credentials.own_chain import own_chain
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.labels.finish import Labeller
from bot.imaging.labels.xmp import read_marks
from tests.imaging import corpus
from tests.imaging.credentials.finished import KINDS, UPLOAD, finished, signed_upstream
from tests.imaging.credentials.kept import LABEL, MODIFIED, Kept, keep, signer


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return keep(tmp_path)


def manifest_of(data: bytes) -> dict[str, Any]:
    """The newest manifest, by the library's own reader."""
    manifest = c2pa.Reader(stream=io.BytesIO(data)).get_active_manifest()
    assert manifest is not None
    return manifest


def actions_of(data: bytes) -> list[dict[str, Any]]:
    [assertion] = [
        each for each in manifest_of(data)["assertions"] if each["label"] == "c2pa.actions.v2"
    ]
    return list(assertion["data"]["actions"])


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_made_from_words_says_that_a_model_created_it(kind: str, kept: Kept) -> None:
    data = finished(corpus.saved(kind, size=(400, 300)), signer(kept)).data

    found = read_credentials(data)
    assert found is not None
    assert (found.standing, found.signer) == (Standing.INTACT, "Atelier Ada")
    assert found.generator.startswith("Easel ")
    assert found.title == "easel-job-1"
    assert found.actions == ("c2pa.created", "c2pa.edited")
    assert [kind.rpartition("/")[2] for kind in found.source_types] == ["trainedAlgorithmicMedia"]
    assert (found.ingredients, found.signed_at) == (0, None)
    assert actions_of(data)[0]["softwareAgent"] == {"name": "HY 3.0"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_changes_neither_pixels_nor_metadata(kind: str, kept: Kept) -> None:
    raw = corpus.saved(kind, size=(400, 300))
    unsigned, signed = finished(raw, None).data, finished(raw, signer(kept)).data

    assert read_credentials(unsigned) is None
    assert pixels(signed) == pixels(unsigned)
    assert read_marks(signed).xmp == read_marks(unsigned).xmp
    assert len(signed) - len(unsigned) < 5000
    assert manifest_of(signed).get("thumbnail") is None


_PIXELS: dict[str, Callable[[bytes], int]] = {
    "JPEG": lambda data: len(data) - 40,
    "PNG": lambda data: data.rfind(b"IDAT") + 20,
    "WEBP": lambda data: data.find(b"VP8 ") + 100,
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_shows(kind: str, kept: Kept) -> None:
    raw = corpus.saved(kind, size=(400, 300))
    data = finished(raw, signer(kept)).data
    in_pixels = bytearray(data)
    in_pixels[_PIXELS[kind](data)] ^= 1
    in_marks = data.replace(b"AISystemUsed>HY", b"AISystemUsed>GG")
    in_manifest = data.replace(b"c2pa.created", b"c2pa.drawing")

    for changed in (bytes(in_pixels), in_marks, in_manifest):
        assert changed != data
        found = read_credentials(changed)
        assert found is not None
        assert found.standing is Standing.ALTERED


def test_a_signer_is_trusted_where_its_root_is(kept: Kept) -> None:
    data = finished(corpus.saved("PNG"), signer(kept)).data
    found = read_credentials(data, roots=kept.chain.root.decode())
    assert found is not None
    assert (found.standing, found.faults) == (Standing.TRUSTED, ())


def test_an_edited_upload_is_what_was_opened(kept: Kept) -> None:
    data = finished(corpus.saved("PNG"), signer(kept), MODIFIED, UPLOAD).data

    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT
    assert found.actions == ("c2pa.opened", "c2pa.edited", "c2pa.edited")
    [source] = found.source_types
    assert source.endswith("/compositeWithTrainedAlgorithmicMedia")
    [ingredient] = manifest_of(data)["ingredients"]
    assert (ingredient["relationship"], ingredient["format"]) == ("parentOf", "image/jpeg")


def test_of_several_uploads_the_first_was_edited_and_the_others_placed(kept: Kept) -> None:
    uploads = [UPLOAD, corpus.saved("PNG"), corpus.saved("WEBP")]
    data = finished(corpus.saved("PNG"), signer(kept), MODIFIED, *uploads).data

    found = read_credentials(data)
    assert found is not None
    assert (found.standing, found.ingredients) == (Standing.INTACT, 3)
    assert found.actions == ("c2pa.opened", *["c2pa.placed"] * 2, *["c2pa.edited"] * 2)
    relations = [each["relationship"] for each in manifest_of(data)["ingredients"]]
    assert relations == ["parentOf", "componentOf", "componentOf"]


def test_an_edited_picture_whose_upload_is_gone_still_says_so(kept: Kept) -> None:
    found = read_credentials(finished(corpus.saved("PNG"), signer(kept), MODIFIED).data)
    assert found is not None
    assert (found.standing, found.ingredients) == (Standing.INTACT, 0)
    assert found.source_types[0].endswith("/compositeWithTrainedAlgorithmicMedia")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("uploads", [(), (UPLOAD,)])
def test_a_manifest_that_came_with_a_result_is_kept(
    kind: str, uploads: tuple[bytes, ...], kept: Kept, tmp_path: Path
) -> None:
    upstream = signed_upstream(kind, tmp_path / "upstream")
    data = finished(upstream, signer(kept), MODIFIED, *uploads).data

    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT
    store = json.loads(c2pa.Reader(stream=io.BytesIO(data)).json())
    [before] = json.loads(c2pa.Reader(stream=io.BytesIO(upstream)).json())["manifests"]
    assert before in store["manifests"]
    parent, *others = manifest_of(data)["ingredients"]
    assert (parent["relationship"], parent["active_manifest"]) == ("parentOf", before)
    assert [each["relationship"] for each in others] == ["inputTo"] * len(uploads)
    assert found.actions == ("c2pa.opened", "c2pa.edited", "c2pa.edited")


def test_a_manifest_that_came_broken_breaks_none_of_ours(kept: Kept, tmp_path: Path) -> None:
    upstream = signed_upstream("PNG", tmp_path / "upstream", is_altered=True)
    found = read_credentials(finished(upstream, signer(kept)).data)
    assert found is not None
    assert (found.standing, found.ingredients) == (Standing.INTACT, 1)


def test_a_manifest_too_large_to_be_posted_is_left_out(kept: Kept) -> None:
    """Else no size of the picture would fit, and a paid result would be lost."""
    thumbnail = {"format": "image/jpeg", "identifier": "large"}
    created = {"action": "c2pa.created", "digitalSourceType": LABEL.origin.source_type}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created]}}
    info = c2pa.C2paSignerInfo(b"es256", kept.chain.chain, kept.chain.key, None)
    upstream = io.BytesIO()
    raw = io.BytesIO(corpus.saved("PNG", size=(400, 300)))
    builder = c2pa.Builder({"format": "image/png", "assertions": [actions], "thumbnail": thumbnail})
    builder.add_resource("large", io.BytesIO(corpus.saved("JPEG") + bytes(1_200_000)))
    builder.sign(c2pa.Signer.from_info(info), "image/png", raw, upstream)
    assert len(upstream.getvalue()) > 1_200_000

    labeller = Labeller(upstream.getvalue(), LABEL, signer(kept).seal(LABEL))
    with capture_logs() as logs:
        data = labeller.within(100_000).data
    found = read_credentials(data)
    assert found is not None
    assert (found.standing, found.ingredients) == (Standing.INTACT, 0)
    assert [each["event"] for each in logs] == ["manifest_too_large"]


def test_a_result_made_smaller_is_signed_anew(kept: Kept) -> None:
    raw = corpus.saved("PNG", size=(1200, 900))
    sealed = Labeller(raw, LABEL, signer(kept).seal(LABEL))
    whole = sealed.within(float("inf"))
    for most in (len(whole.data) - 1, len(whole.data) // 2):
        smaller = sealed.within(most)
        assert len(smaller.data) <= most
        found = read_credentials(smaller.data)
        assert found is not None
        assert found.standing is Standing.INTACT


def test_what_c2pa_alone_may_sign_signs(tmp_path: Path) -> None:
    chain = own_chain("Ada", time.time(), purpose="1.3.6.1.4.1.62558.2.1")
    data = finished(corpus.saved("PNG"), signer(keep(tmp_path, chain))).data
    assert read_credentials(data) is not None
