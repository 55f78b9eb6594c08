"""What `easel doctor` finds: one line each, for people or for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Status(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is good, and what to do if not."""

    check: str
    status: Status
    text: str

    @property
    def is_fatal(self) -> bool:
        """Whether it would stop the bot."""
        return self.status is Status.BAD


def render(findings: Sequence[Finding], *, as_json: bool) -> str:
    """Return the findings as lines of text or as a JSON list."""
    if as_json:
        return json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False)
    marks = {Status.GOOD: "✓", Status.WARNING: "!", Status.BAD: "✗"}
    width = max((len(finding.check) for finding in findings), default=0)
    return "\n".join(f"{marks[f.status]} {f.check:<{width}} {f.text}" for f in findings)
