"""What each finding says to somebody who knows no standard, and what it does not prove."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from bot.domain.provenance.findings import Finding, Kind, Looked


class Told(NamedTuple):
    """A sentence, and the one for what it does not prove."""

    says: str
    not_proven: str


OURS = "This picture was made with this bot."
PROBABLY_OURS = "This is probably a copy of a picture that was made with this bot."
SAYS_AI = "This file says that AI had a part in the picture."
NO_MARKS = (
    "No mark of AI was found. That does not mean that no AI made it: marks get lost whenever a "
    "picture is saved anew, and most programs write none."
)
ASKED_BY = "It was asked for by {asker:member}."

_SAME = "Whoever has this file may have got it anywhere; it says nothing of who shows it."
_ALIKE = (
    "A copy that was resized or saved anew looks like this, and so may one that somebody retouched "
    "in a small place. Cropped copies are not recognised."
)
_UNSIGNED = "Anybody can write or remove this note; nobody has signed it."
_TEXTS: dict[tuple[Kind, str], Told] = {
    (Kind.OURS, "same generated"): Told(
        "It is, byte for byte, picture {number} of result {job}, which {system} made from words on "
        "{day}.",
        _SAME,
    ),
    (Kind.OURS, "same modified"): Told(
        "It is, byte for byte, picture {number} of result {job}, for which {system} changed "
        "somebody’s picture on {day}.",
        _SAME,
    ),
    (Kind.OURS, "same drawn"): Told(
        "It is, byte for byte, picture {number} of result {job}, which {system}, a program without "
        "AI, drew on {day}.",
        _SAME,
    ),
    (Kind.OURS, "alike generated"): Told(
        "It looks like picture {number} of result {job}, which {system} made from words on {day}: "
        "{differing} of 128 signs differ.",
        _ALIKE,
    ),
    (Kind.OURS, "alike modified"): Told(
        "It looks like picture {number} of result {job}, for which {system} changed somebody’s "
        "picture on {day}: {differing} of 128 signs differ.",
        _ALIKE,
    ),
    (Kind.OURS, "alike drawn"): Told(
        "It looks like picture {number} of result {job}, which {system}, a program without AI, "
        "drew on {day}: {differing} of 128 signs differ.",
        _ALIKE,
    ),
    (Kind.OURS, Looked.FOUND_NOTHING): Told(
        "This bot’s own records have no such picture.",
        "Cropped, mirrored or strongly changed copies are not recognised, and other bots’ pictures "
        "are not known here.",
    ),
    (Kind.OURS, Looked.TOO_PLAIN): Told(
        "This bot’s own records have no file of these bytes, and the picture is too plain to be "
        "told from others by its looks.",
        "It may still be a copy of a plain picture that was made here.",
    ),
    (Kind.OURS, Looked.UNREADABLE): Told(
        "This bot’s own records have no file of these bytes, and its pixels cannot be read here.",
        "It may still be a copy of a picture that was made here.",
    ),
    (Kind.OURS, Looked.NOT_LOOKED): Told(
        "This bot’s own records were not looked at, because there is no database here.",
        "Whether it was made with this bot is not known.",
    ),
    (Kind.CREDENTIALS, "trusted ai"): Told(
        "Content Credentials, signed by {signer}, say that AI made or changed it ({generator}). "
        "Nothing was changed since, and the signer is one that is trusted here.",
        "They prove who signed it, and not that what the signer says is true.",
    ),
    (Kind.CREDENTIALS, "trusted"): Told(
        "It has Content Credentials, signed by {signer} ({generator}), which do not speak of AI. "
        "Nothing was changed since, and the signer is one that is trusted here.",
        "They prove who signed it, and not that what the signer says is true.",
    ),
    (Kind.CREDENTIALS, "intact ai"): Told(
        "Content Credentials that name {signer} as signer say that AI made or changed it "
        "({generator}). Nothing was changed since.",
        "Nobody that is trusted here vouches for the signer: anybody can sign under any name.",
    ),
    (Kind.CREDENTIALS, "intact"): Told(
        "It has Content Credentials that name {signer} as signer ({generator}) and do not speak of "
        "AI. Nothing was changed since.",
        "Nobody that is trusted here vouches for the signer: anybody can sign under any name.",
    ),
    (Kind.CREDENTIALS, "expired ai"): Told(
        "Content Credentials that name {signer} as signer say that AI made or changed it "
        "({generator}), but the certificate was not valid at that time.",
        "Nobody vouches for the signer.",
    ),
    (Kind.CREDENTIALS, "expired"): Told(
        "It has Content Credentials that name {signer} as signer ({generator}), but the "
        "certificate was not valid at that time.",
        "Nobody vouches for the signer.",
    ),
    (Kind.CREDENTIALS, "altered"): Told(
        "It has Content Credentials that name {signer} as signer, but the picture or they were "
        "changed after that.",
        "What they say can no longer be relied on, and nothing tells what was changed.",
    ),
    (Kind.CREDENTIALS, "broken"): Told(
        "It has Content Credentials that cannot be read or checked.",
        "That proves nothing, in either direction.",
    ),
    (Kind.CREDENTIALS, "elsewhere"): Told(
        "It only names an address where its Content Credentials are, which is not asked from here.",
        "What they say is not known.",
    ),
    (Kind.CREDENTIALS, "unread"): Told(
        "It has Content Credentials (C2PA), which were not read here.",
        "Who signed them, and whether the picture was changed since, is not known.",
    ),
    (Kind.SOURCE_TYPE, "trainedAlgorithmicMedia"): Told(
        "A note in the file (IPTC) says that AI generated it.", _UNSIGNED
    ),
    (Kind.SOURCE_TYPE, "compositeWithTrainedAlgorithmicMedia"): Told(
        "A note in the file (IPTC) says that AI changed a part of it.", _UNSIGNED
    ),
    (Kind.SOURCE_TYPE, "compositeSynthetic"): Told(
        "A note in the file (IPTC) says that parts of it were made by a machine ({term}).",
        _UNSIGNED,
    ),
    (Kind.SOURCE_TYPE, "algorithmicMedia"): Told(
        "A note in the file (IPTC) says that a program without AI drew it.", _UNSIGNED
    ),
    (Kind.SOURCE_TYPE, "camera"): Told(
        "A note in the file (IPTC) says that it was photographed or scanned ({term}).", _UNSIGNED
    ),
    (Kind.SOURCE_TYPE, "other"): Told(
        "A note in the file (IPTC) says how it was made: {term}.", _UNSIGNED
    ),
    (Kind.SYSTEM, "named"): Told(
        "A note in the file (IPTC) names the system that made it: {system}.", _UNSIGNED
    ),
    (Kind.AIGC, "is"): Told(
        "A label after the Chinese standard (TC260) says that AI generated it; producer: "
        "{producer}, number: {id}.",
        _UNSIGNED,
    ),
    (Kind.AIGC, "possibly"): Told(
        "A label after the Chinese standard (TC260) says that it was possibly generated by AI, as "
        "whoever posted it declared; producer: {producer}, number: {id}.",
        _UNSIGNED,
    ),
    (Kind.AIGC, "suspected"): Told(
        "A label after the Chinese standard (TC260) says that a platform suspects AI to have "
        "generated it; producer: {producer}, number: {id}.",
        _UNSIGNED,
    ),
    (Kind.AIGC, "unclear"): Told(
        "It has a label after the Chinese standard (TC260) that does not say what it must.",
        _UNSIGNED,
    ),
    (Kind.GENERATOR, "trace"): Told(
        "Its metadata has what {generator} writes into its pictures.",
        "Anybody can write the same, and the picture may have been changed since.",
    ),
    (Kind.SYNTHID, "unreadable"): Told(
        "Invisible marks such as Google’s SynthID cannot be read here: only their makers can.",
        "Whether it has one is not known.",
    ),
}


def told(finding: Finding) -> Told:
    """Return the sentences of a finding, with gaps for `facts_shown`."""
    return _TEXTS[finding.kind, finding.which]


def facts_shown(finding: Finding) -> dict[str, object]:
    """Return what stands in the gaps."""
    facts = dict(finding.facts)
    if "made_at" in facts:
        made = datetime.fromtimestamp(float(str(facts["made_at"])), UTC)
        facts["day"] = f"{made:%Y-%m-%d}"
    return facts


def headline(findings: Sequence[Finding]) -> str:
    """Return what it comes to, in one sentence; never that a picture is not AI's."""
    for finding in findings:
        if finding.is_ours:
            return OURS if finding.which.startswith("same") else PROBABLY_OURS
    return SAYS_AI if any(finding.is_of_ai for finding in findings) else NO_MARKS
