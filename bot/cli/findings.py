"""What `easel check FILE` does: what labels a picture carries, with or without a database."""

import json
from pathlib import Path
from typing import Any

from bot.domain.errors import EaselError
from bot.domain.jobs.fairness import Lane
from bot.domain.operator_errors import SettingsError
from bot.domain.provenance.findings import Finding, Ledger, Looked, findings_of, looked_for
from bot.domain.provenance.inspection import Inspection
from bot.domain.provenance.texts import facts_shown, headline, told
from bot.domain.storage_errors import StorageFault
from bot.domain.wording.sentences import say_plainly
from bot.imaging.uploads.fence import Fence
from bot.services.provenance.checking import match_of
from bot.settings.config import read_settings
from storage import open_storage

_NOBODY = Lane(0, 0)


async def check(file: Path) -> tuple[Finding, ...]:
    """Return what is found in a file; raises OSError, or the NotPossible that says why not."""
    data = file.read_bytes()  # noqa: ASYNC240 - nothing else runs here
    async with Fence(workers=1) as fence:
        inspection = await fence.inspect(data, _NOBODY)
    return findings_of(inspection, await _ledger(inspection))


def rendered(findings: tuple[Finding, ...]) -> str:
    """Return the findings for the terminal."""
    lines = [headline(findings)]
    for finding in findings:
        says, not_proven = told(finding)
        lines += ["", say_plainly(says, **facts_shown(finding)), f"  ({not_proven})"]
    return "\n".join(lines)


def as_json(findings: tuple[Finding, ...]) -> str:
    """Return the findings as JSON."""
    listed = [_object(finding) for finding in findings]
    said = {"says": headline(findings), "findings": listed}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _object(finding: Finding) -> dict[str, Any]:
    says, not_proven = told(finding)
    return {
        "kind": finding.kind,
        "which": finding.which,
        "is_of_ai": finding.is_of_ai,
        "is_ours": finding.is_ours,
        "facts": finding.facts,
        "says": say_plainly(says, **facts_shown(finding)),
        "does_not_prove": not_proven,
    }


async def _ledger(inspection: Inspection) -> Ledger:
    """Look into the database beside a running bot, if there is one and it can be read."""
    try:
        settings = read_settings()
        data_dir = settings.variables.EASEL_DATA_DIR
        async with open_storage(settings.database_url, data_dir, readonly=True) as storage:
            match = await match_of(inspection, storage.fingerprints)
    except (SettingsError, StorageFault, EaselError, ValueError):
        return Ledger(Looked.NOT_LOOKED)
    return Ledger(looked_for(inspection, match), match)
