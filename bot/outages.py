"""Logs faults of the database and the disk that members read of, once per cause and minute."""

import time

import structlog

from bot.domain.errors import StorageFault
from bot.domain.ports import Clock

_log = structlog.get_logger(__name__)

_QUIET_S = 60.0


class Outages:
    """Remembers what was logged lately."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._now = now
        self._logged: dict[tuple[str, str], float] = {}

    def note(self, error: StorageFault, command: str) -> None:
        """Log the cause and the path of a fault that `command` met, unless that was done lately."""
        cause, now = _text_of(error.__cause__ or error), self._now()
        place = str(error.facts.get("place", ""))
        self._logged = {key: at for key, at in self._logged.items() if now - at < _QUIET_S}
        if (cause, place) in self._logged:
            return
        self._logged[cause, place] = now
        path = getattr(error.__cause__, "filename", None) or place
        _log.error("storage_unavailable", cause=cause, path=str(path), command=command)


def _text_of(cause: BaseException) -> str:
    """Return what happened, without the file, whose name may be another one each time."""
    # SQLAlchemy's own text adds the statement and a link.
    cause = getattr(cause, "orig", None) or cause
    return f"{type(cause).__name__}: {getattr(cause, 'strerror', None) or cause}"
