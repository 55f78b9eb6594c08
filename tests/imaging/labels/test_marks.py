"""Metadata goes in without touching a pixel, and nothing that was there before is lost."""

import io
import json
import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.errors import NotPossible
from bot.domain.labels.label import Label
from bot.domain.labels.origin import Origin
from bot.domain.pictures.errors import PictureDamaged
from bot.imaging.files import containers, jpeg_file
from bot.imaging.files.jpeg_file import extended_id
from bot.imaging.labels.xmp import Marks, Packets, read_marks
from tests.imaging import corpus
from tests.imaging.labels.upstream import AIGC, LABELLED, LARGE, rdf

LABEL = Label("AI-generated", "Ada & <Co>", "job-1", "HY 3.0", "2026-08", created_at=1_790_000_000)


FORMATS = ("JPEG", "PNG", "WEBP")


IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"


def stamp(data: bytes, label: Label) -> bytes:
    """The label in the metadata alone."""
    return Packets(label, read_marks(data)).into(data)


def decoded(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.mode, picture.tobytes()


def files() -> dict[str, bytes]:
    return {
        "jpeg": corpus.saved("JPEG"),
        "jpeg with exif, comment and profile": corpus.with_exif(),
        "jpeg progressive": corpus.saved("JPEG", progressive=True),
        "jpeg with a second picture": corpus.animated("MPO"),
        "png": corpus.saved("PNG"),
        "png with text": corpus.with_text("Title", "kept"),
        "png animated": corpus.animated("PNG"),
        "webp lossy": corpus.saved("WEBP"),
        "webp lossy with alpha": corpus.saved("WEBP", "RGBA"),
        "webp lossless": corpus.saved("WEBP", lossless=True),
        "webp lossless with alpha": corpus.saved("WEBP", "RGBA", lossless=True),
        "webp with exif and profile": corpus.saved("WEBP", icc_profile=corpus.srgb_profile()),
        "webp animated": corpus.animated("WEBP"),
    }


@pytest.mark.parametrize("name", files())
def test_stamping_keeps_every_pixel_and_every_other_byte(name: str) -> None:
    before = files()[name]
    after = stamp(before, LABEL)

    assert decoded(after) == decoded(before)
    assert read_marks(after).digital_source_type == Origin.GENERATED.source_type
    assert read_marks(after).credit == "Made with HY 3.0"
    if not name.startswith("webp"):  # a WebP's header counts what follows it
        mark = after.index(b"http://ns.adobe.com/xap/1.0/\0" if name[0] == "j" else b"iTXt")
        added = len(after) - len(before)
        start = mark - 4
        assert after[:start] + after[start + added :] == before


@pytest.mark.parametrize("kind", FORMATS)
def test_stamping_twice_leaves_one_packet(kind: str) -> None:
    again = stamp(stamp(corpus.saved(kind), LABEL), LABEL)
    assert again.count(b"<x:xmpmeta") == 1
    assert again.count(b"TC260:AIGC>") == 2


def test_pillow_reads_the_packet_where_the_formats_say_it_is() -> None:
    for kind, key in (("JPEG", "xmp"), ("PNG", "xmp"), ("WEBP", "xmp")):
        with Image.open(io.BytesIO(stamp(corpus.saved(kind), LABEL))) as picture:
            assert b"DigitalSourceType" in picture.info[key]


def test_the_label_says_all_the_standard_asks_for() -> None:
    marks = read_marks(stamp(corpus.saved("PNG"), LABEL))
    assert marks.aigc == {
        "Label": "1",
        "ContentProducer": "Ada & <Co>",
        "ProduceID": "job-1",
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    assert marks.xmp is not None
    for said in (b"AISystemUsed>HY 3.0<", b"AISystemVersionUsed>2026-08<", b"2026-09-21T14:13:20Z"):
        assert said in marks.xmp
    assert not marks.c2pa_present


def test_an_edited_upload_says_so() -> None:
    edited = Label("AI", "Ada", "job-2", "HY", origin=Origin.MODIFIED)
    assert (
        read_marks(stamp(corpus.saved("JPEG"), edited)).digital_source_type
        == Origin.MODIFIED.source_type
    )


def test_what_a_program_drew_names_no_ai_anywhere() -> None:
    drawn = Label("drawn by a program", "Ada", "job-3", "local", origin=Origin.DRAWN)
    marks = read_marks(stamp(corpus.saved("WEBP"), drawn))
    assert marks.digital_source_type == Origin.DRAWN.source_type
    assert marks.aigc is None
    assert marks.xmp is not None
    assert b"AISystem" not in marks.xmp


def test_prompt_and_asker_stand_in_the_metadata_where_a_label_has_them_alone() -> None:
    told = replace(LABEL, prompt="a <boat> & more", asker="Discord user 7")
    for label, is_told in ((LABEL, False), (told, True)):
        xmp = read_marks(stamp(corpus.saved("PNG"), label)).xmp or b""
        assert (b"AIPromptInformation>a &lt;boat&gt; &amp;" in xmp) is is_told
        assert (b"AIPromptWriterName>Discord user 7<" in xmp) is is_told


def test_foreign_properties_stay_and_ours_are_written_once() -> None:
    old = rdf(
        "<dc:creator><rdf:Seq><rdf:li>Grace</rdf:li></rdf:Seq></dc:creator>"
        "<xmp:CreatorTool>Other</xmp:CreatorTool>",
        "xmp:Rating='5' xmp:CreateDate='1987-01-01'",
        "uuid:7",
    )
    merged = read_marks(stamp(containers.with_xmp(corpus.saved("PNG"), old), LABEL)).xmp
    assert merged is not None
    for kept in (b"<rdf:li>Grace</rdf:li>", b'xmp:Rating="5"', b"xmlns:dc="):
        assert kept in merged
    for gone in (b"Other", b"1987"):
        assert gone not in merged
    assert merged.count(b'rdf:about="uuid:7"') == 2


@pytest.mark.parametrize("form", LABELLED)
def test_an_upstream_label_keeps_its_producer_and_gains_us_as_propagator(form: str) -> None:
    data = LABELLED[form]()
    assert read_marks(data).aigc == AIGC

    found = read_marks(stamp(data, LABEL))

    assert found.aigc == {**AIGC, "ContentPropagator": LABEL.producer, "PropagateID": "job-1"}
    assert found.xmp is not None
    assert found.xmp.count(b"AIGC>") == 2


@pytest.mark.parametrize("kind", FORMATS)
def test_a_packet_of_any_size_is_kept(kind: str) -> None:
    """A JPEG's segment has 64 KiB: there the rest goes into the extension that Adobe defined."""
    before = stamp(corpus.saved(kind), LABEL)
    if kind == "JPEG":
        foreign = LARGE[LARGE.index(b"<x:xmpmeta") : LARGE.index(b"<?xpacket end")]
        note = f"<n:HasExtendedXMP xmlns:n='http://ns.adobe.com/xmp/note/'>{extended_id(foreign)}"
        data = jpeg_file.with_xmp(before, rdf(f"{note}</n:HasExtendedXMP>"), foreign)
    else:
        data = containers.with_xmp(before, LARGE)

    once = stamp(data, LABEL)
    twice = stamp(once, LABEL)
    thrice = stamp(twice, LABEL)

    for after in (once, twice, thrice):
        assert decoded(after) == decoded(before)
        marks = read_marks(after)
        assert marks.digital_source_type == Origin.GENERATED.source_type
        both = (marks.xmp or b"") + (marks.extended or b"")
        assert b"long " * 60_000 in both
        assert both.count(b'xmp:Rating="5"') == 1
        assert both.count(b"AIGC>") == 2
        assert both.count(b"HasExtendedXMP>") == (2 if kind == "JPEG" else 0)
    assert len(thrice) == len(twice)


def test_an_extension_with_properties_of_its_own_prefixes_is_joined() -> None:
    foreign = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:v='urn:v'><rdf:RDF xmlns:rdf="
        b"'http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''>"
        b"<v:kept>yes</v:kept></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    note = f"xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='{extended_id(foreign)}'"
    data = jpeg_file.with_xmp(corpus.saved("JPEG"), rdf("", note), foreign)
    marks = read_marks(stamp(data, LABEL))
    assert marks.extended is None
    assert marks.xmp is not None
    assert b"<v:kept>yes</v:kept>" in marks.xmp
    assert b"HasExtendedXMP" not in marks.xmp


@pytest.mark.parametrize("spoil", ["length", "piece", "name", "cut"])
def test_an_extension_that_is_not_whole_is_passed_over(spoil: str) -> None:
    foreign = rdf("<dc:title>gone</dc:title>")
    note = f"xmlns:n='http://ns.adobe.com/xmp/note/' n:HasExtendedXMP='{extended_id(foreign)}'"
    data = jpeg_file.with_xmp(
        corpus.saved("JPEG"), rdf("<dc:rights>kept</dc:rights>", note), foreign
    )
    at = data.index(b"http://ns.adobe.com/xmp/extension/\0") + 35
    spoilt = bytearray(data)
    match spoil:
        case "length":
            spoilt[at + 32 : at + 36] = b"\xff\xff\xff\xff"
        case "piece":
            spoilt[at + 60] ^= 1
        case "name":
            spoilt[at] = ord("x")
        case _:
            spoilt[at + 36 : at + 40] = b"\0\0\0\x09"
    merged = read_marks(stamp(bytes(spoilt), LABEL)).xmp
    assert merged is not None
    assert b"kept" in merged
    assert b"gone" not in merged
    assert b"HasExtendedXMP" not in merged


def test_a_mark_written_as_a_resource_is_read() -> None:
    inside = f"<i:DigitalSourceType xmlns:i='{IPTC}' rdf:resource='{Origin.MODIFIED.source_type}'/>"
    data = containers.with_xmp(corpus.saved("PNG"), rdf(inside))
    assert read_marks(data).digital_source_type == Origin.MODIFIED.source_type
    stamped = stamp(data, LABEL)
    assert read_marks(stamped).digital_source_type == Origin.GENERATED.source_type
    assert Origin.MODIFIED.source_type.encode() not in stamped


def test_bytes_that_fill_up_before_a_marker_are_skipped() -> None:
    data = corpus.saved("JPEG")
    filled = data[:2] + b"\xff\xff\xff" + data[2:]
    after = stamp(filled, LABEL)
    assert decoded(after) == decoded(data)
    assert read_marks(after).digital_source_type == Origin.GENERATED.source_type


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<x:xmpmeta",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&a;</x:xmpmeta>",
        b"<a>" * 20_000 + b"</a>" * 20_000,
        b"<x xmlns='y'/>",
        "<?xml version='1.0' encoding='nope'?><a/>".encode("utf-16"),
        rdf("<dc:title>" + "long " * 900_000 + "</dc:title>"),
        rdf("<dc:title/>" * 30_000),
    ],
    ids=["empty", "cut", "entities", "nested", "no rdf", "encoding", "too long", "too many"],
)
def test_a_packet_that_cannot_be_merged_is_written_anew(broken: bytes) -> None:
    written = Packets(LABEL, Marks(xmp=broken)).whole
    assert len(written) < 2500
    assert b"TC260:AIGC" in written


def test_letters_xml_cannot_hold_do_not_break_the_packet() -> None:
    odd = Label("AI", "Ada\0\x1f]]>\ud800", "job", "HY\ufffe")
    assert (
        read_marks(stamp(corpus.saved("PNG"), odd)).digital_source_type
        == Origin.GENERATED.source_type
    )


@pytest.mark.parametrize(
    ("kind", "chunk"),
    [
        ("PNG", corpus.png_chunk(b"caBX", b"jumb c2pa")),
        ("WEBP", b"C2PA" + struct.pack("<I", 4) + b"jumb"),
        ("JPEG", b"\xff\xeb" + struct.pack(">H", 30) + b"JP\0\1\0\0\0\1jumb....jumdc2pa"[:28]),
    ],
)
def test_a_content_credential_is_noticed(kind: str, chunk: bytes) -> None:
    data = corpus.saved(kind)
    at = {"PNG": 33, "JPEG": 2, "WEBP": len(data)}[kind]
    if kind == "JPEG":
        chunk = chunk.ljust(32, b"\0")
    assert not read_marks(data).c2pa_present
    assert read_marks(data[:at] + chunk + data[at:]).c2pa_present


def test_a_tiff_is_read_and_never_written() -> None:
    data = corpus.saved("TIFF", tiffinfo={700: stamp(corpus.saved("PNG"), LABEL)[:10] + rdf("")})
    assert read_marks(data).xmp is not None
    with pytest.raises(ValueError, match="no XMP is written into TIFF"):
        stamp(data, LABEL)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_breaks_off_is_not_stamped(kind: str) -> None:
    with pytest.raises(PictureDamaged):
        stamp(corpus.saved(kind)[:30], LABEL)


def test_a_png_that_does_not_begin_with_its_header_is_not_stamped() -> None:
    with pytest.raises(PictureDamaged):
        stamp(corpus.saved("PNG").replace(b"IHDR", b"iHDR", 1), LABEL)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_is_refused_or_gains_the_label(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(FORMATS))
    spoilt = bytearray(stamp(corpus.saved(kind, size=(8, 8)), LABEL))
    for _ in range(data.draw(st.integers(1, 12))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        stamped = stamp(bytes(spoilt), replace(LABEL, origin=Origin.MODIFIED))
    except NotPossible:
        return
    assert Origin.MODIFIED.source_type.encode() in stamped


@pytest.mark.parametrize("kind", FORMATS)
def test_exiftool_reads_what_was_written(kind: str, tmp_path: Path) -> None:
    exiftool = shutil.which("exiftool")
    if exiftool is None:
        pytest.skip("exiftool is not installed")
    file = tmp_path / f"picture.{kind.lower()}"
    file.write_bytes(stamp(corpus.saved(kind), LABEL))
    said = subprocess.run(  # noqa: S603 - a tool found on this machine, and our own file
        [exiftool, "-json", "-validate", "-DigitalSourceType", file],
        capture_output=True,
        check=True,
    )
    (found,) = json.loads(said.stdout)
    assert "trained" in found["DigitalSourceType"].lower()
    assert found["Validate"].startswith("OK")
