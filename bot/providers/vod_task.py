"""What VOD says of a picture task: whether it is over, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.domain.errors import OutcomeUnknown, ProviderError, ServerFault
from bot.providers.codes import task_error

_GOOD_CODES = {"", "0"}  # "0" was seen on a success (reports, 2026-08)


@dataclass(frozen=True, slots=True)
class TaskState:
    """What is known of a task: still going, finished with `urls`, or finished with `error`."""

    urls: tuple[str, ...] = ()
    error: ProviderError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return bool(self.urls) or self.error is not None


def session_after(job_id: str, failed_task: str) -> str:
    """Return the SessionId to try again with, the same in every process that saw the failure.

    The failed try's own id is used up for three days.
    """
    return f"{job_id}-{crc32(failed_task.encode()):08x}"


def read_state(response: Mapping[str, Any]) -> TaskState:
    """Read a DescribeTaskDetail reply; missing, null and "" mean the same (two recorded replies).

    A failure's Status is FINISH, too.
    """
    task = _object(response.get("AigcImageTask"))
    request_id = _text(response.get("RequestId"))
    status = _text(task.get("Status")) or _text(response.get("Status"))
    if "ABORTED" in (status, response.get("Status")):
        return TaskState(error=ServerFault("ABORTED", request_id=request_id))
    if status != "FINISH":
        return TaskState()
    code = _failure(task)
    if code:
        message = _text(task.get("Message"))
        return TaskState(error=task_error(code, request_id=request_id, message=message))
    files = _list(_object(task.get("Output")).get("FileInfos"))
    urls = tuple(filter(None, (_text(_object(file).get("FileUrl")) for file in files)))
    if not urls:
        # Finished and not failed, so it may be on the bill.
        return TaskState(error=OutcomeUnknown("NoResult", request_id=request_id))
    return TaskState(urls)


def _failure(task: Mapping[str, Any]) -> str:
    """Return the code a finished task failed with, "" for a good end; the texts say more."""
    for code in (task.get("ErrCodeExt"), task.get("ErrCode")):
        text = "" if code is None else str(code)
        if text not in _GOOD_CODES:
            return text
    return ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
