"""The doctor's look at what signs results: tried, with the timestamp server that is set."""

import stat
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.checkup.findings import Finding, Status
from bot.domain.operator_errors import SettingsError
from bot.ports.clock import Clock
from bot.settings.config import Settings

if TYPE_CHECKING:
    from bot.domain.labels.credentials import CredentialFiles
    from bot.imaging.credentials.signing import Signer

_CHECK = "signing"
_SOON_S = 30 * 86400.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine_credentials(settings: Settings, now: Clock) -> list[Finding]:
    """Sign a picture as the bot would, waiting a few seconds for a timestamp at most."""
    files, server = settings.variables.credential_files, settings.file.label.timestamp
    if files is None:
        text = "off: EASEL_C2PA_CERT is not set"
        if server:
            text = "label.timestamp is set for nothing: EASEL_C2PA_CERT is not"
            return [Finding(_CHECK, Status.WARNING, text)]
        return [Finding(_CHECK, Status.GOOD, text)]
    from bot.imaging.credentials.signing import Signer  # noqa: PLC0415 - where somebody signs

    try:
        signer = Signer(files, timestamp=server, now=now, monotonic=time.monotonic)
    except SettingsError as error:
        return [Finding(_CHECK, Status.BAD, str(error))]
    return [_validity(signer, now()), *_privacy(files), _timestamp(signer, server)]


def _validity(signer: "Signer", now: float) -> Finding:
    until = f"{datetime.fromtimestamp(signer.expires_at, UTC):%Y-%m-%d}"
    if signer.expires_at - now < _SOON_S:
        text = f"the certificate ends on {until}; renewed files are taken without a restart"
        return Finding(_CHECK, Status.WARNING, text)
    return Finding(_CHECK, Status.GOOD, f"results are signed, until {until}")


def _privacy(files: "CredentialFiles") -> list[Finding]:
    if files.key.stat().st_mode & _OTHERS:
        text = "EASEL_C2PA_KEY: others on this machine may read the key; chmod 600 it"
        return [Finding(_CHECK, Status.WARNING, text)]
    return []


def _timestamp(signer: "Signer", server: str) -> Finding:
    if not server:
        text = "none: what is signed can be checked until the certificate ends (label.timestamp)"
        return Finding("timestamp", Status.GOOD, text)
    reason = signer.why_no_timestamp()
    if reason is None:
        return Finding("timestamp", Status.GOOD, "the server answers")
    text = f"label.timestamp: no answer ({reason}); results are signed without until there is one"
    return Finding("timestamp", Status.WARNING, text)
