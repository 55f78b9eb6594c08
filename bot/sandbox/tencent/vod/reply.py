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


def describe(task: Task, *, sparse: bool) -> dict[str, Any]:
    """Give the reply without its RequestId (VOD API, 2026-10).

    The full form names every member, null or "" where there is nothing; the sparse one leaves
    those out, and ErrCode 0 with them.
    """
    reply: dict[str, Any] = {
        "TaskType": "AigcImageTask",
        "Status": _status(task),
        "CreateTime": _iso(task.created),
        "BeginProcessTime": _iso(task.begun),
        "FinishTime": _iso(task.finished),
        **dict.fromkeys(_OTHER_TASKS),
        "AigcImageTask": _detail(task),
    }
    return _without_blanks(reply) if sparse else reply


def _detail(task: Task) -> dict[str, Any]:
    done = task.finished is not None
    return {
        "TaskId": task.id,
        "Status": "FINISH" if done else "PROCESSING",  # a failed task is FINISH, too
        "ErrCode": task.error[0] if done else None,
        "ErrCodeExt": task.error[1],
        "Message": task.message,
        "Progress": 100 if done else 0,
        "Input": _input(task.params),
        "Output": {"FileInfos": [_file(task, one) for one in task.files]} if task.files else None,
        "SessionId": task.params.get("SessionId", ""),
        "SessionContext": task.params.get("SessionContext", ""),
    }


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
