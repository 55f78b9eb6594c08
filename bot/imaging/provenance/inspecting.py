"""Reads a picture that nobody vouches for: its fingerprint, its marks, others' traces.

To be called where a crash does no harm: see `Fence.inspect`.
"""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import MAX_UPLOAD_BYTES
from bot.domain.labels.credentials import Credentials, CredentialsUnreadable, Standing
from bot.domain.pictures.errors import FileTooLarge
from bot.domain.provenance.inspection import Inspection
from bot.domain.provenance.traces import generators_in
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.labels.result_reader import decode_result
from bot.imaging.labels.xmp import Marks, read_marks
from bot.imaging.likeness.difference_hash import looks_of
from bot.imaging.pixels.colour import in_srgb

_MOST_CHARS = 200  # of what a stranger wrote

_AIGC = ("Label", "ContentProducer", "ProduceID", "ContentPropagator", "PropagateID")


def inspect(data: bytes) -> Inspection:
    """Return what the file tells; raises NotAPicture or another NotPossible for no picture."""
    if len(data) > MAX_UPLOAD_BYTES:
        raise FileTooLarge(len(data), MAX_UPLOAD_BYTES)
    looks = _looks(data)
    likeness, detail = (None, 0) if looks is None else looks
    marks = read_marks(data)
    return Inspection(
        sha256=hashlib.sha256(data).digest(),
        likeness=likeness,
        detail=detail,
        source_type=_cut(marks.digital_source_type),
        system=_cut(marks.system),
        system_version=_cut(marks.system_version),
        aigc={name: _cut(value) for name, value in (marks.aigc or {}).items() if name in _AIGC},
        generators=generators_in(_signed(marks)),
        credentials=_credentials(data) if marks.c2pa_present else None,
        has_credentials=marks.c2pa_present,
    )


def _looks(data: bytes) -> tuple[int, int] | None:
    """Return what the pixels look like, None for a known format whose pixels cannot be read."""
    try:
        return looks_of(in_srgb(decode_result(data)))
    except NotPossible as refusal:
        if _is_marked(data):
            return None
        raise refusal from None


def _is_marked(data: bytes) -> bool:
    """Tell whether a damaged picture still says something."""
    marks = read_marks(data)
    return bool(marks.xmp or marks.aigc or marks.texts or marks.c2pa_present)


def _signed(marks: Marks) -> list[tuple[str, str]]:
    in_xmp = (("CreatorTool", marks.creator_tool), ("Credit", marks.credit))
    return [*marks.texts, *((name, text) for name, text in in_xmp if text)]


def _credentials(data: bytes) -> Credentials | None:
    with contextlib.suppress(CredentialsUnreadable):
        return read_credentials(data)
    return None


def _cut(text: str | None) -> str:
    return (text or "")[:_MOST_CHARS]


def as_answer(found: Inspection) -> dict[str, Any]:
    """Return an inspection as JSON holds it."""
    return asdict(found) | {"sha256": found.sha256.hex()}


def from_answer(answer: Mapping[str, Any]) -> Inspection:
    """Return the inspection that `as_answer` made; raises ValueError, KeyError or TypeError."""
    said = answer["credentials"]
    values = dict(answer) | {
        "sha256": bytes.fromhex(answer["sha256"]),
        "generators": tuple(answer["generators"]),
        "credentials": None if said is None else _said(said),
    }
    return Inspection(**values)


def _said(said: Mapping[str, Any]) -> Credentials:
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return Credentials(**{**said, **lists, "standing": Standing(said["standing"])})
