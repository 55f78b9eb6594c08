"""What the log says of faults of the database and the disk that members read of."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.storage_errors import StorageFault, StorageUnavailable
from bot.watch.storage_faults import StorageFaultLog
from storage.database.faults import translate_database_errors


class Clock:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def fault(error: Exception, place: object = "/data/pictures") -> StorageFault:
    with pytest.raises(StorageUnavailable) as raised, translate_database_errors(place):
        raise error
    return raised.value


def full(name: str) -> OSError:
    return OSError(28, "No space left on device", f"/data/pictures/.partial/{name}")


def noted(fault_log: StorageFaultLog, *faults: StorageFault) -> list[dict[str, Any]]:
    with capture_logs() as logs:
        for each in faults:
            fault_log.note(each, "restyle")
    return [dict(log) for log in logs]


def test_a_cause_is_logged_with_its_path_once_a_minute() -> None:
    clock = Clock()
    fault_log = StorageFaultLog(clock)
    [log] = noted(fault_log, fault(full("a")), fault(full("b")))
    assert log == {
        "event": "storage_unavailable",
        "log_level": "error",
        "cause": "OSError: No space left on device",
        "path": "/data/pictures/.partial/a",
        "command": "restyle",
        "unsaid": 0,
    }
    clock.now = 59.0
    assert noted(fault_log, fault(full("c"))) == []
    clock.now = 60.0
    [log] = noted(fault_log, fault(full("d")))
    assert log["unsaid"] == 2, "the log says how often it came since"
    clock.now = 120.0
    [log] = noted(fault_log, fault(full("e")))
    assert log["unsaid"] == 0


def test_another_cause_and_another_place_are_logged_at_once() -> None:
    fault_log = StorageFaultLog(Clock())
    denied = PermissionError(13, "Permission denied", "/data/pictures/x")
    faults = [fault(full("a")), fault(denied), fault(full("a"), place="/elsewhere")]
    assert len(noted(fault_log, *faults)) == 3
