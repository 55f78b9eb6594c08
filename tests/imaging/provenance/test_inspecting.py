"""An untrusted file is read for all it says: every carrier, every format, and no bomb."""

import io
import json
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from bot.domain.errors import NotPossible
from bot.domain.labels.label import Label
from bot.domain.labels.origin import Origin
from bot.imaging.labels.finish import Labeller
from bot.imaging.provenance.inspecting import as_answer, from_answer, inspect

AIGC = json.dumps({"AIGC": {"Label": "1", "ContentProducer": "某公司", "ProduceID": "p-1"}})
WEBUI = "a secret\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
LABEL = Label("AI-modified", "Ada", "job-1", "HY", "3.0", Origin.MODIFIED, created_at=1.79e9)


def picture() -> Image.Image:
    return Image.radial_gradient("L").resize((200, 150)).convert("RGB")


def saved(kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture().save(out, kind, **how)
    return out.getvalue()


def exif_with(comment: bytes) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    return exif.tobytes()


def with_text(kind: str, keyword: str, text: str) -> bytes:
    notes = PngImagePlugin.PngInfo()
    if kind == "iTXt":
        notes.add_itxt(keyword, text, zip=True)
    else:
        notes.add_text(keyword, text, zip=kind == "zTXt")
    return saved("PNG", pnginfo=notes)


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt"])
@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_label_is_read_from_each_kind_of_png_text(kind: str, *, is_wrapped: bool) -> None:
    text = AIGC if is_wrapped else json.dumps(json.loads(AIGC)["AIGC"])
    found = inspect(with_text(kind, "AIGC", text))
    assert (found.aigc["Label"], found.aigc["ProduceID"]) == ("1", "p-1")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "comment",
    [
        b"ASCII\0\0\0" + AIGC.encode(),
        b"UNICODE\0" + AIGC.encode("utf-16-le"),
        b"UNICODE\0" + AIGC.encode("utf-16-be"),
    ],
)
def test_a_label_is_read_from_a_user_comment_in_each_format(kind: str, comment: bytes) -> None:
    assert inspect(saved(kind, exif=exif_with(comment))).aigc["ProduceID"] == "p-1"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_webuis_parameters_are_known_in_a_user_comment(kind: str, encoding: str) -> None:
    data = saved(kind, exif=exif_with(b"UNICODE\0" + WEBUI.encode(encoding)))
    found = inspect(data)
    assert found.generators == ("Stable Diffusion WebUI",)
    assert "secret" not in json.dumps(as_answer(found))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_we_write_is_read_back(kind: str) -> None:
    finished = Labeller(saved(kind), LABEL).within(10_000_000)
    found = inspect(finished.data)
    assert found.source_type == Origin.MODIFIED.source_type
    assert (found.system, found.system_version) == ("HY", "3.0")
    assert (found.aigc["ContentProducer"], found.aigc["ProduceID"]) == ("Ada", "job-1")
    assert finished.fingerprint is not None
    assert found.sha256 == finished.fingerprint.sha256
    assert found.likeness is not None
    assert (found.likeness ^ finished.fingerprint.likeness).bit_count() <= 3


_UNICODE = exif_with(b"UNICODE\0" + AIGC.encode("utf-16-le"))


@pytest.mark.parametrize(
    "upstream",
    [
        with_text("tEXt", "AIGC", AIGC),
        with_text("zTXt", "AIGC", AIGC),
        with_text("iTXt", "AIGC", AIGC),
        *(saved(kind, exif=_UNICODE) for kind in ("JPEG", "PNG", "WEBP")),
    ],
)
@pytest.mark.parametrize("limit", [10_000_000, 4_500])
def test_a_label_of_the_apis_own_is_kept_and_we_are_named_beside_it(
    upstream: bytes, limit: int
) -> None:
    finished = Labeller(upstream, LABEL).within(limit)
    label = inspect(finished.data).aigc
    assert (label["ContentProducer"], label["ProduceID"]) == ("某公司", "p-1")
    assert (label["ContentPropagator"], label["PropagateID"]) == ("Ada", "job-1")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_comes_whole_through_the_pipe(kind: str) -> None:
    found = inspect(Labeller(saved(kind), LABEL).within(10_000_000).data)
    assert from_answer(json.loads(json.dumps(as_answer(found)))) == found


def test_what_breaks_off_still_tells_what_stands_before_that() -> None:
    whole = with_text("tEXt", "workflow", "{}")
    found = inspect(whole[: whole.index(b"IDAT") + 40])
    assert found.generators == ("ComfyUI",)
    assert found.likeness is None


@pytest.mark.parametrize("data", [b"", b"text", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotPossible):
        inspect(data)


def test_many_packed_texts_unpack_to_no_more_than_there_is_room_for() -> None:
    packed = zlib.compress(bytes(4_000_000))
    body = b"x\0\0" + packed
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    label = with_text("zTXt", "AIGC", AIGC)
    assert inspect(label).aigc
    # Read no more behind as many packed bytes as there is room for, so it does not take for ever.
    bomb = label[:33] + chunk * 2000 + label[33:]
    assert len(bomb) < 25_000_000
    found = inspect(bomb)
    assert found.aigc == {}
    assert found.likeness is not None
