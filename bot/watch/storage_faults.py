"""Logs faults of the database and the disk that members read of, once per cause and minute."""

import time

import structlog

from bot.domain.storage_errors import StorageFault
from bot.ports.clock import Clock
from bot.watch.quiet import QuietMinute

_log = structlog.get_logger(__name__)


class StorageFaultLog:
    """Logs a cause with its place once a minute."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._quiet = QuietMinute(now)

    def note(self, error: StorageFault, command: str) -> None:
        """Log the cause and the path of a fault that `command` met, unless that was done lately."""
        cause = _text_of(error.__cause__ or error)
        place = str(error.facts.get("place", ""))
        if not self._quiet.begins((cause, place)):
            return
        path = str(getattr(error.__cause__, "filename", None) or place)
        unsaid = self._quiet.unsaid((cause, place))
        _log.error("storage_unavailable", cause=cause, path=path, command=command, unsaid=unsaid)


def _text_of(cause: BaseException) -> str:
    """Return what happened, without the file, whose name may be another one each time."""
    # SQLAlchemy's own text adds the statement and a link.
    cause = getattr(cause, "orig", None) or cause
    return f"{type(cause).__name__}: {getattr(cause, 'strerror', None) or cause}"
