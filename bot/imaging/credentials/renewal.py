"""Takes a renewed certificate without a restart: a changed file is read with the next picture."""

import threading
from collections.abc import Callable

import structlog

from bot.domain.labels.credentials import CredentialFiles
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.identity import Identity, read_identity

_log = structlog.get_logger(__name__)

_LOOK_AGAIN_S = 60.0  # at a renewal that cannot be used: it may become valid as it is

Stamp = tuple[tuple[int, int, int], ...]


class Renewed:
    """What is in the files; of a renewal that cannot be used, what was there before."""

    def __init__(
        self,
        files: CredentialFiles,
        check: Callable[[Identity], Identity],
        *,
        now: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        """Read the files; raises SettingsError."""
        self._files = files
        self._check = check
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self._refused: Stamp | None = None
        self._look_at = 0.0
        self._identity = check(read_identity(files, now()))

    def newest(self) -> Identity:
        """Return the newest identity that can be used."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return self._identity
        with self._lock:
            if stamp != self._stamp and self._is_due(stamp):
                self._renew(stamp)
            return self._identity

    def _is_due(self, stamp: Stamp) -> bool:
        return stamp != self._refused or self._monotonic() >= self._look_at

    def _renew(self, stamp: Stamp) -> None:
        try:
            self._identity = self._check(read_identity(self._files, self._now()))
        except SettingsError as error:
            if stamp != self._refused:
                _log.error("certificate_not_renewed", reason=str(error))
            self._refused, self._look_at = stamp, self._monotonic() + _LOOK_AGAIN_S
            return
        self._stamp, self._refused = stamp, None
        _log.info("certificate_renewed", signer=self._identity.signer)

    def _stamped(self) -> Stamp:
        """Return what changes with the files; nothing while one of them is away."""
        try:
            found = [path.stat() for path in (self._files.chain, self._files.key)]
        except OSError:
            return ()
        return tuple((each.st_mtime_ns, each.st_size, each.st_ino) for each in found)
