"""Marks that came with a picture cost neither the picture nor a busy thread, however they look."""

import json

import pytest

from bot.domain.labels.label import Label
from bot.imaging.files import jpeg_file
from bot.imaging.files.exif import aigc_texts
from bot.imaging.files.jpeg_file import extended_id
from bot.imaging.labels.finish import Labeller
from bot.imaging.labels.xmp import Marks, Packets, read_marks
from tests.imaging import corpus
from tests.imaging.labels.upstream import AIGC, rdf

LABEL = Label("AI-generated", "Ada", "job-1", "HY 3.0", created_at=1_790_000_000)
TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"


def labelled_by(producer: str) -> bytes:
    text = json.dumps({**AIGC, "ContentProducer": producer})
    return rdf(f"<t:AIGC xmlns:t='{TC260}'>{text}</t:AIGC>")


@pytest.mark.parametrize("length", [65_000, 1_000_000])
def test_an_upstream_label_of_any_length_loses_no_jpeg(length: int) -> None:
    rest = labelled_by("z" * length)
    note = f"<n:HasExtendedXMP xmlns:n='http://ns.adobe.com/xmp/note/'>{extended_id(rest)}"
    raw = jpeg_file.with_xmp(corpus.saved("JPEG"), rdf(f"{note}</n:HasExtendedXMP>"), rest)

    marks = read_marks(Labeller(raw, LABEL).within(1 << 20).data)

    assert marks.aigc is not None
    assert marks.aigc["ContentProducer"] == "z" * 1000
    assert marks.aigc["PropagateID"] == "job-1"


def test_of_exif_full_of_labels_only_so_many_are_parsed() -> None:
    one = json.dumps({"AIGC": AIGC}).encode()
    assert len(aigc_texts(b"II*\0" + one * 300)) == 64


def test_a_label_in_exif_that_never_ends_hides_none_before_it() -> None:
    one = json.dumps({"AIGC": AIGC}).encode()
    assert aigc_texts(b"II*\0" + one + b'{"AIGC": "' + b"x" * 1_000_000) == [one.decode()]


@pytest.mark.parametrize(
    "prompt", ["a cat\na dog", "東京\u3000タワー", "👩\u200d🎨", "a\tb & <c> ]]>"]
)
def test_a_prompt_stands_in_the_metadata_as_it_was_typed(prompt: str) -> None:
    told = Label("AI-generated", "Ada", "job-1", "HY 3.0", prompt=prompt)
    packet = Packets(told, Marks()).whole
    shown = prompt.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"AIPromptInformation>{shown}</".encode() in packet
