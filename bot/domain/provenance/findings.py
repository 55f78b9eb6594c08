"""What a picture's marks and our own records tell, and how much of it: pure, no words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.labels.credentials import Standing
from bot.domain.labels.fingerprint import Match
from bot.domain.labels.likeness import MOST_DETAIL_DIFFERING, MOST_DIFFERING, distance, tells_enough
from bot.domain.labels.origin import Origin
from bot.domain.provenance.inspection import Inspection


class Looked(StrEnum):
    """What became of the look into our own records."""

    FOUND = "found"
    FOUND_NOTHING = "found nothing"
    TOO_PLAIN = "too plain"
    UNREADABLE = "unreadable"
    NOT_LOOKED = "not looked"


class Kind(StrEnum):
    """What a finding is about; the value names it in `easel check --json`."""

    OURS = "ours"
    CREDENTIALS = "credentials"
    SOURCE_TYPE = "source_type"
    SYSTEM = "system"
    AIGC = "aigc"
    GENERATOR = "generator"
    SYNTHID = "synthid"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, or not: `which` of its kind's cases, and the facts in its sentence.

    `is_of_ai`: it says that AI had a part in the picture; `is_ours`: that it was made here.
    """

    kind: Kind
    which: str
    facts: dict[str, object]
    is_of_ai: bool = False
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """What our own records say; `asker` is who asked for it, where they may be named."""

    looked: Looked
    match: Match | None = None
    asker: int | None = None


# (IPTC NewsCodes, digital source type, 2025-09)
_TERMS = "cv.iptc.org/newscodes/digitalsourcetype/"
_AI_TERMS = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "trainedAlgorithmicData",
    }
)
_CAMERA_TERMS = frozenset(
    {"digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print"}
)


def looked_for(inspection: Inspection, match: Match | None) -> Looked:
    """Return what became of a look into the records that brought `match`."""
    if match is not None:
        return Looked.FOUND
    if inspection.likeness is None:
        return Looked.UNREADABLE
    return Looked.FOUND_NOTHING if tells_enough(inspection.likeness) else Looked.TOO_PLAIN


def nearest(inspection: Inspection, alike: list[Match]) -> Match | None:
    """Return which of the alike pictures this one probably is."""
    likeness = inspection.likeness
    if likeness is None or not tells_enough(likeness):
        return None
    for match in alike:
        other = match.posted.fingerprint
        is_near = match.differing is None or match.differing <= MOST_DIFFERING
        is_same = distance(inspection.detail, other.detail) <= MOST_DETAIL_DIFFERING
        if is_near and is_same and tells_enough(other.likeness):
            return match
    return None


def findings_of(inspection: Inspection, ledger: Ledger) -> tuple[Finding, ...]:
    """Return what was found, the surest first; at least our own records and SynthID."""
    return (
        _ours(ledger),
        *_credentials(inspection),
        *_iptc(inspection),
        *_aigc(inspection),
        *_generators(inspection),
        Finding(Kind.SYNTHID, "unreadable", {}),
    )


def _ours(ledger: Ledger) -> Finding:
    match = ledger.match
    if match is None:
        return Finding(Kind.OURS, ledger.looked, {})
    posted, how = match.posted, "same" if match.differing is None else "alike"
    facts: dict[str, object] = {
        "job": posted.job_id,
        "number": posted.number + 1,
        "system": posted.system,
        "made_at": posted.made_at,
        "origin": posted.origin,
    }
    if match.differing is not None:
        facts["differing"] = match.differing
    if ledger.asker is not None:
        facts["asker"] = ledger.asker
    is_of_ai = posted.origin is not Origin.DRAWN
    return Finding(Kind.OURS, f"{how} {posted.origin}", facts, is_of_ai, is_ours=True)


def _credentials(inspection: Inspection) -> Iterator[Finding]:
    found = inspection.credentials
    if found is None:
        if inspection.has_credentials:
            yield Finding(Kind.CREDENTIALS, "unread", {})
        return
    facts: dict[str, object] = {
        "signer": found.signer or found.common_name or "?",
        "generator": found.generator or "?",
    }
    is_whole = found.standing in {Standing.TRUSTED, Standing.INTACT, Standing.EXPIRED}
    is_of_ai = is_whole and any(_term(each) in _AI_TERMS for each in found.source_types)
    which = f"{found.standing} ai" if is_of_ai else str(found.standing)
    yield Finding(Kind.CREDENTIALS, which, facts, is_of_ai)


def _iptc(inspection: Inspection) -> Iterator[Finding]:
    term = _term(inspection.source_type)
    if inspection.source_type:
        which = _case_of(term)
        is_of_ai = term in _AI_TERMS
        yield Finding(Kind.SOURCE_TYPE, which, {"term": term or inspection.source_type}, is_of_ai)
    if inspection.system:
        name, version = inspection.system, inspection.system_version
        facts: dict[str, object] = {"system": name if version in name else f"{name} {version}"}
        # What no model drew names its program there, too.
        yield Finding(Kind.SYSTEM, "named", facts, is_of_ai=term != "algorithmicMedia")


def _case_of(term: str) -> str:
    known = {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia"}
    if term in known:
        return term
    if term in _AI_TERMS:
        return "compositeSynthetic"
    return "camera" if term in _CAMERA_TERMS else "other"


def _aigc(inspection: Inspection) -> Iterator[Finding]:
    label = inspection.aigc
    if not label:
        return
    facts: dict[str, object] = {
        "producer": label.get("ContentProducer") or "?",
        "id": label.get("ProduceID") or "?",
    }
    which = {"1": "is", "2": "possibly", "3": "suspected"}.get(label.get("Label", ""), "unclear")
    yield Finding(Kind.AIGC, which, facts, is_of_ai=which != "unclear")


def _generators(inspection: Inspection) -> Iterator[Finding]:
    for name in inspection.generators:
        yield Finding(Kind.GENERATOR, "trace", {"generator": name}, is_of_ai=True)


def _term(address: str) -> str:
    _, known, term = address.partition(_TERMS)
    return term.strip("/ ") if known else ""
