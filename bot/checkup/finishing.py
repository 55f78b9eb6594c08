"""The doctor's look at how results are signed and marked: a picture is, as the bot would."""

import stat
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PIL import Image

from bot.checkup.findings import Finding, Status
from bot.domain.operator_errors import SettingsError
from bot.imaging.watermarks.process import MarkFailed
from bot.imaging.watermarks.watermark import Watermark
from bot.ports.clock import Clock
from bot.settings.config import Settings

if TYPE_CHECKING:
    from bot.domain.labels.credentials import CredentialFiles
    from bot.imaging.credentials.signing import Signer

_CHECK, _MARK = "signing", "watermark"
_SIDE = 1024
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


def examine_watermark(settings: Settings) -> list[Finding]:
    """Mark a picture as the bot would; nothing is found where no mark is set."""
    name = settings.file.label.watermark
    if not name:
        return []
    try:
        with Watermark(name) as mark:
            return [_tried(mark, name)]
    except SettingsError as error:
        return [Finding(_MARK, Status.BAD, str(error))]


def _tried(mark: Watermark, name: str) -> Finding:
    began = time.perf_counter()
    try:
        mark.tried(Image.new("RGB", (_SIDE, _SIDE), "grey"), "0")
    except MarkFailed as error:
        text = f"“{name}” marks nothing ({error}); results are posted without"
        return Finding(_MARK, Status.WARNING, text)
    taken = (time.perf_counter() - began) * 1000
    text = f"“{name}” marks a picture of {_SIDE} × {_SIDE} in {taken:.0f} ms"
    return Finding(_MARK, Status.GOOD, text)
