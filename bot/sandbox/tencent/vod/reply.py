"""How DescribeTaskDetail shows a picture task, in the full and in the sparse recorded form."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from bot.sandbox.tencent.rules import Params
from bot.sandbox.tencent.vod.tasks import Stored, Task

# A few of the reply's many other members; they are null for a picture task.
_OTHER_TASKS: Final = (
    *("ProcedureTask", "EditMediaTask", "ComposeMediaTask", "PullUploadTask", "TranscodeTask"),
    *("SnapshotByTimeOffsetTask", "CreateImageSpriteTask", "RemoveWatermarkTask", "AigcVideoTask"),
)
_ECHOED: Final = (
    *("ModelName", "ModelVersion", "FileInfos", "Prompt", "NegativePrompt", "EnhancePrompt"),
    *("GenerationMode", "OutputConfig", "Seed", "SceneType", "ExtInfo"),
)
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


_PROCESSING: Final = "ProcessImageAsync"
_MEMBERS: Final = ("AigcImageTask", "ProcessImageAsyncTask")
_NEARLY = 99  # percent: only the end is the whole


def describe(task: Task, now: float, *, sparse: bool) -> dict[str, Any]:
    """Give the reply without its RequestId at unix seconds `now` (VOD API, 2026-10).

    The full form names every member, null or "" where there is nothing; the sparse one leaves
    those out, and ErrCode 0 with them.
    """
    reply: dict[str, Any] = {
        "TaskType": task.kind,
        "Status": _status(task),
        "CreateTime": _iso(task.created),
        "BeginProcessTime": _iso(task.begun),
        "FinishTime": _iso(task.finished),
        **dict.fromkeys((*_OTHER_TASKS, *_MEMBERS)),
    }
    if task.kind == _PROCESSING:
        reply["ProcessImageAsyncTask"] = _processed(task, now)
    else:
        reply["AigcImageTask"] = _detail(task, now)
    return _without_blanks(reply) if sparse else reply


def _detail(task: Task, now: float) -> dict[str, Any]:
    return {
        **_state(task, now),
        "ErrCodeExt": task.error[1],
        "Input": _input(task.params),
        "Output": {"FileInfos": [_file(task, one) for one in task.files]} if task.files else None,
    }


def _processed(task: Task, now: float) -> dict[str, Any]:
    """Show a ProcessImageAsync task, which has no ErrCodeExt (VOD API, 2026-10)."""
    given = task.params
    output = None
    if task.files:
        [file] = [_file(task, one) for one in task.files]
        del file["StorageMode"]
        output = {"FileInfo": file, "OutputText": ""}
    return {
        **_state(task, now),
        "Input": {
            name: given.get(name) for name in ("FileId", "Url", "ImageTaskInput", "OutputConfig")
        },
        "Output": output,
    }


def _state(task: Task, now: float) -> dict[str, Any]:
    done = task.finished is not None
    return {
        "TaskId": task.id,
        "Status": "FINISH" if done else "PROCESSING",  # a failed task is FINISH, too
        "ErrCode": task.error[0] if done else None,
        "Message": task.message,
        "Progress": 100 if done else _percent(task, now),
        "SessionId": task.params.get("SessionId", ""),
        "SessionContext": task.params.get("SessionContext", ""),
    }


def _percent(task: Task, now: float) -> int:
    """Give how much of the time that it is said to take has passed."""
    if task.begun is None or task.seconds <= 0:
        return 0
    return max(0, min(int(100 * (now - task.begun) / task.seconds), _NEARLY))


def _input(params: Params) -> dict[str, Any]:
    echoed = {name: params.get(name) for name in _ECHOED}
    files = params.get("FileInfos")
    if files:
        echoed["FileInfos"] = [{k: v for k, v in f.items() if k != "Base64"} for f in files]
    return echoed


def _file(task: Task, stored: Stored) -> dict[str, Any]:
    output = task.params.get("OutputConfig", {})
    return {
        "StorageMode": "Temporary" if stored.file_id is None else "Permanent",
        "MediaName": output.get("MediaName", ""),
        "ClassId": output.get("ClassId", 0),
        "ExpireTime": _iso(stored.until),
        "FileType": "",
        "FileUrl": stored.url,
        "FileId": stored.file_id or "",
        "MetaData": _metadata(stored) if stored.file_id else None,
    }


def _metadata(stored: Stored) -> dict[str, Any]:
    return {
        "Size": len(stored.data),
        "Width": stored.size[0],
        "Height": stored.size[1],
        "Md5": hashlib.md5(stored.data, usedforsecurity=False).hexdigest(),
    }


def _status(task: Task) -> str:
    if task.finished is not None:
        return "FINISH"
    return "WAITING" if task.begun is None else "PROCESSING"


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_blanks(inner) for name, inner in value.items()}
        return {
            name: inner
            for name, inner in kept.items()
            if inner not in _EMPTY and not (name == "ErrCode" and inner == 0)
        }
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value]
    return value
