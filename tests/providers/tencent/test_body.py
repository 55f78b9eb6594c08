"""A body made in pieces is the very JSON that one would make at once."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.tencent.body import Inline, json_body

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(prompt=WORDS, pictures=st.lists(st.binary(max_size=20), max_size=3))
async def test_the_pieces_join_to_the_json_of_the_parameters(
    prompt: str, pictures: list[bytes]
) -> None:
    body = await json_body({"Prompt": prompt, "Files": [{"Base64": Inline(p)} for p in pictures]})
    joined = b"".join(body.pieces)
    assert json.loads(joined) == {
        "Prompt": prompt,
        "Files": [{"Base64": base64.b64encode(p).decode()} for p in pictures],
    }
    assert body.length == len(joined)
    assert body.sha256 == hashlib.sha256(joined).hexdigest()


@pytest.mark.parametrize("size", [0, 1, 73_727, 73_728, 73_729, 1_000_000])
async def test_a_picture_longer_than_one_piece_is_one_base64_text(size: int) -> None:
    picture = bytes(range(256)) * (size // 256) + bytes(size % 256)
    body = await json_body({"InputImage": Inline(picture)})
    document = json.loads(b"".join(body.pieces))
    assert base64.b64decode(document["InputImage"], validate=True) == picture


async def test_text_is_sent_as_utf8_not_as_escapes() -> None:
    body = await json_body({"Prompt": "猫と🎨"})
    assert "猫と🎨".encode() in b"".join(body.pieces)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
async def test_what_json_cannot_hold_is_never_sent(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        await json_body({"Strength": value})
    with pytest.raises(TypeError):
        await json_body({"Strength": object()})
