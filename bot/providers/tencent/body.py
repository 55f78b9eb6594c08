"""A request's JSON body with its pictures as Base64, made in pieces so that the loop keeps turning.

Encoding 6 MB at once holds the interpreter for several milliseconds, in a thread, too. Here a
thread encodes and hashes piece by piece. Hashing lets go of the interpreter after each piece, but
for so short a time that on a busy machine the loop does not get hold of it: so it also rests.
"""

import asyncio
import hashlib
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PIECE = 3 * 24_576  # bytes: a multiple of three, so that the encoded pieces simply join
_PIECES_A_REST = 8  # about a millisecond's work
_REST_S = 0.0001


@dataclass(frozen=True, slots=True)
class Inline:
    """Picture bytes in a tree of parameters; they become a Base64 string in the JSON."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A finished body: its pieces in order, their length in bytes, and the SHA-256 as hex."""

    pieces: Sequence[bytes]
    length: int
    sha256: str


async def json_body(params: Mapping[str, Any]) -> Body:
    """Return the body for parameters of JSON values and `Inline` pictures.

    Raises TypeError or ValueError for what JSON cannot hold.
    """
    pictures: dict[str, bytes] = {}
    text = _with_marks(params, pictures)
    if not pictures:
        return _hashed([text.encode()])
    return await asyncio.to_thread(lambda: _hashed(_spliced(text, pictures)))


def _with_marks(params: Mapping[str, Any], pictures: dict[str, bytes]) -> str:
    """Return the JSON with a mark for each picture, and note under its mark which it is."""

    def mark(value: object) -> str:
        if not isinstance(value, Inline):
            raise TypeError(f"{type(value).__name__} is no JSON value")
        name = secrets.token_hex(16)  # 128 random bits: no prompt contains it
        pictures[name] = value.data
        return name

    return json.dumps(params, default=mark, ensure_ascii=False, allow_nan=False)


def _spliced(text: str, pictures: Mapping[str, bytes]) -> Iterable[bytes]:
    for name, data in pictures.items():
        before, text = text.split(name)
        yield before.encode()
        for start in range(0, len(data), _PIECE):
            yield b64encode(memoryview(data)[start : start + _PIECE])
    yield text.encode()


def _hashed(pieces: Iterable[bytes]) -> Body:
    digest, kept, length = hashlib.sha256(), [], 0
    for number, piece in enumerate(pieces, 1):
        digest.update(piece)
        kept.append(piece)
        length += len(piece)
        if number % _PIECES_A_REST == 0:
            time.sleep(_REST_S)
    return Body(kept, length, digest.hexdigest())
