"""What marks and records come to: the surest first, each with words, and never "not AI"."""

from dataclasses import replace

import pytest

from bot.domain.labels.credentials import Credentials, Standing
from bot.domain.labels.fingerprint import Fingerprint, Match, Posted
from bot.domain.labels.origin import Origin
from bot.domain.provenance.findings import (
    Finding,
    Kind,
    Ledger,
    Looked,
    findings_of,
    looked_for,
    nearest,
)
from bot.domain.provenance.inspection import Inspection
from bot.domain.provenance.texts import NO_MARKS, OURS, SAYS_AI, facts_shown, headline, told
from bot.domain.wording.sentences import say, say_plainly

_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_RICH, _PLAIN = int("0f1e2d3c4b5a69788796a5b4c3d2e1f0", 16), 0
BARE = Inspection(bytes(32), likeness=_RICH)
NOTHING = Ledger(Looked.FOUND_NOTHING)


def posted(origin: Origin = Origin.GENERATED, likeness: int = _RICH, detail: int = 0) -> Posted:
    return Posted("0abc", 0, Fingerprint(bytes(32), likeness, detail), "HY *3.0*", origin, 1.79e9)


def all_findings() -> list[Finding]:
    """One of every case there is."""
    found = [
        each
        for looked in Looked
        for each in findings_of(BARE, Ledger(looked))[:1]
        if looked is not Looked.FOUND
    ]
    for origin in Origin:
        for match in (Match(posted(origin)), Match(posted(origin), 3)):
            found += findings_of(BARE, Ledger(Looked.FOUND, match, 7))
    for standing in Standing:
        for types in ((), (f"{_TERMS}trainedAlgorithmicMedia",)):
            said = Credentials(standing, "Acme", source_types=types)
            found += findings_of(replace(BARE, credentials=said), NOTHING)
    found += findings_of(replace(BARE, has_credentials=True), NOTHING)
    for term in (
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "print",
        "compositeSynthetic",
        "algorithmicMedia",
        "digitalCapture",
        "unheardOf",
    ):
        found += findings_of(replace(BARE, source_type=_TERMS + term, system="X"), NOTHING)
    found += findings_of(replace(BARE, source_type="nonsense", generators=("ComfyUI",)), NOTHING)
    for label in ("1", "2", "3", "x"):
        found += findings_of(replace(BARE, aigc={"Label": label}), NOTHING)
    return found


def test_every_case_has_whole_sentences_for_chat_and_terminal() -> None:
    for finding in all_findings():
        says, not_proven = told(finding)
        shown = facts_shown(finding)
        for sentence in (say(says, **shown), say_plainly(says, **shown), not_proven):
            assert sentence.endswith(".")
            assert "{" not in sentence


def test_no_headline_says_that_a_picture_is_not_ais() -> None:
    assert headline(findings_of(BARE, NOTHING)) == NO_MARKS
    camera = replace(BARE, source_type=f"{_TERMS}digitalCapture")
    assert headline(findings_of(camera, NOTHING)) == NO_MARKS


@pytest.mark.parametrize(
    "marked",
    [
        replace(BARE, source_type=f"{_TERMS}trainedAlgorithmicMedia"),
        replace(BARE, aigc={"Label": "1", "ContentProducer": "x"}),
        replace(BARE, generators=("ComfyUI",)),
        replace(BARE, system="HY 3.0"),
    ],
)
def test_any_mark_of_ai_is_told_in_the_headline(marked: Inspection) -> None:
    assert headline(findings_of(marked, NOTHING)) == SAYS_AI


def test_altered_credentials_say_nothing_of_ai_whatever_they_claim() -> None:
    types = (f"{_TERMS}trainedAlgorithmicMedia",)
    for standing in (Standing.ALTERED, Standing.BROKEN, Standing.ELSEWHERE):
        said = replace(BARE, credentials=Credentials(standing, source_types=types))
        assert headline(findings_of(said, NOTHING)) == NO_MARKS


def test_our_own_records_come_first_and_a_drawn_picture_is_ours_without_ai() -> None:
    match = Match(posted(Origin.DRAWN))
    marked = replace(BARE, generators=("ComfyUI",))
    first, *_ = found = findings_of(marked, Ledger(Looked.FOUND, match))
    assert (first.kind, first.is_ours, first.is_of_ai) == (Kind.OURS, True, False)
    assert headline(found) == OURS


def test_what_is_too_plain_or_too_far_is_no_match() -> None:
    assert nearest(BARE, [Match(posted(), 10)]) == Match(posted(), 10)
    assert nearest(BARE, [Match(posted(), 11)]) is None
    assert nearest(BARE, [Match(posted(likeness=_PLAIN), 1)]) is None
    for bits, found in ((26, True), (27, False)):
        similar = Match(posted(detail=(1 << bits) - 1), 3)
        assert (nearest(BARE, [similar]) == similar) is found
    plain = replace(BARE, likeness=_PLAIN)
    assert nearest(plain, [Match(posted(), 1)]) is None
    assert looked_for(plain, None) is Looked.TOO_PLAIN
    assert looked_for(replace(BARE, likeness=None), None) is Looked.UNREADABLE
