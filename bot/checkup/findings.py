"""What `easel doctor` finds: one line each, for people or for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    group: str = ""
    """What good findings with the same text are told of in one line, for people."""

    @property
    def is_fatal(self) -> bool:
        """Whether it would stop the bot."""
        return self.status is Status.BAD


def render(findings: Sequence[Finding], *, as_json: bool) -> str:
    """Return the findings as lines of text or as a JSON list."""
    if as_json:
        shown = [{"check": f.check, "status": f.status, "text": f.text} for f in findings]
        return json.dumps(shown, indent=2, ensure_ascii=False)
    marks = {Status.GOOD: "✓", Status.WARNING: "!", Status.BAD: "✗"}
    lines = _grouped(findings)
    width = max((len(line.check) for line in lines), default=0)
    return "\n".join(f"{marks[f.status]} {f.check:<{width}} {f.text}" for f in lines)


def _grouped(findings: Sequence[Finding]) -> list[Finding]:
    """Put good findings of a group that say the same in one line; what needs a hand stays whole."""
    lines: dict[tuple[str, str], list[Finding]] = {}
    for number, finding in enumerate(findings):
        is_grouped = finding.group and finding.status is Status.GOOD
        key = (finding.group, finding.text) if is_grouped else (str(number), finding.check)
        lines.setdefault(key, []).append(finding)
    return [_one(alike) for alike in lines.values()]


def _one(alike: Sequence[Finding]) -> Finding:
    first, count = alike[0], len(alike)
    if not first.group or first.status is not Status.GOOD:
        return first
    engines = "1 engine" if count == 1 else f"{count} engines"
    return replace(first, check=first.group, text=f"{first.text} ({engines})")
