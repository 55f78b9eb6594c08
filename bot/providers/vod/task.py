"""What VOD says of a picture task: whether it is over, and how it ended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.domain.provider_errors import OutcomeUnknown, ProviderError, ServerFault
from bot.providers.tencent.codes import task_error
from bot.providers.tencent.reply import text_of

_GOOD_CODES = {"", "0"}  # "0" was seen on a success (reports, 2026-08)
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class TaskState:
    """What is known of a task: still going, finished with `urls`, or finished with `error`.

    `percent` is how far the API says that a task at work is.
    """

    urls: tuple[str, ...] = ()
    error: ProviderError | None = None
    percent: int | None = None

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
    task = _object(response.get("AigcImageTask") or response.get("ProcessImageAsyncTask"))
    request_id = text_of(response.get("RequestId"))
    status = text_of(task.get("Status")) or text_of(response.get("Status"))
    if "ABORTED" in (status, response.get("Status")):
        return TaskState(error=ServerFault("ABORTED", request_id=request_id))
    if status != "FINISH":
        percent = task.get("Progress")
        return TaskState(percent=percent if isinstance(percent, int) else None)
    error = _failure(task, request_id)
    if error is not None:
        return TaskState(error=error)
    output = _object(task.get("Output"))
    listed = output.get("FileInfos") or [output.get("FileInfo")]
    files = listed if isinstance(listed, list) else ()
    urls = tuple(filter(None, (text_of(_object(file).get("FileUrl")) for file in files)))
    if not urls:
        # Finished and not failed, so it may be on the bill.
        return TaskState(error=OutcomeUnknown("NoResult", request_id=request_id))
    return TaskState(urls)


def _failure(task: Mapping[str, Any], request_id: str) -> ProviderError | None:
    """Return what a finished task failed of, None for a good end; ErrCodeExt says the most."""
    extended, number = _code(task.get("ErrCodeExt")), _code(task.get("ErrCode"))
    if not extended and not number:
        return None
    return task_error(
        extended or number,
        number=int(number) if _NUMBER.fullmatch(number) else 0,
        request_id=request_id,
        message=text_of(task.get("Message")),
    )


def _code(value: object) -> str:
    text = "" if value is None else str(value)
    return "" if text in _GOOD_CODES else text


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
