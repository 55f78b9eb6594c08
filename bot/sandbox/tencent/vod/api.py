"""The VOD service, version 2018-07-17: the rows of its actions, and the values they take."""

from typing import Any, Final

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.inputs import is_web_url
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import Action, Field, Params
from bot.sandbox.tencent.vod import processing, templates
from bot.sandbox.tencent.vod.extras import check_extras
from bot.sandbox.tencent.vod.models import check_model
from bot.sandbox.tencent.vod.reply import describe
from bot.sandbox.tencent.vod.sessions import expiry_is_a_time, remember_session
from bot.sandbox.tencent.vod.tasks import POOL, Task, expired, read_references, start
from bot.sandbox.tencent.vod.usage import check_quota

__all__ = ["ACTIONS", "POOL"]

CREATES_PER_SECOND = 20  # (seed 004)
READS_PER_SECOND = 100  # DescribeTaskDetail and DescribeTasks (VOD API pages, 2026-05)
_SWITCH = ("Enabled", "Disabled")
_SOURCES: Final = {"File": "FileId", "Url": "Url", "Base64": "Base64"}

_FILE: Final = (
    Field("Type", required=True, choices=tuple(_SOURCES)),
    Field("FileId"),
    Field("Url"),
    Field("Base64"),
    Field("Text"),
    Field("ReferenceType", choices=("mask",)),
)
_OUTPUT: Final = (
    Field("StorageMode", choices=("Temporary", "Permanent")),
    Field("MediaName", longest=64),
    Field("ClassId", "integer", low=0),
    Field("ExpireTime"),
    Field("Resolution"),
    Field("AspectRatio"),
    Field("PersonGeneration", choices=("AllowAdult", "Disallowed")),
    Field("InputComplianceCheck", choices=_SWITCH),
    Field("OutputComplianceCheck", choices=_SWITCH),
    Field("OutputImageCount", "integer", low=1),
    Field("OutputFormat", choices=("jpeg", "png")),
    Field("LogoAdd", choices=_SWITCH),
)
_SORT: Final = (
    Field("Field", required=True, choices=("CreateTime", "FinishTime")),
    Field("Order", choices=("Asc", "Desc")),
)
_LISTED_TASK: Final = ("Status", "TaskType", "CreateTime", "BeginProcessTime", "FinishTime")
_SUB_APP_ID: Final = Field(
    "SubAppId", "integer", required=True, missing_code="InvalidParameterValue.SubAppId"
)


async def _create(account: Account, request: Request) -> dict[str, Any]:
    _check_application(account, request.params)
    references = await read_references(account, request.params.get("FileInfos", []))
    check_quota(account)
    remember_session(account, request.params.get("SessionId"))
    return {"TaskId": start(account, request, references).id}


async def _describe(account: Account, request: Request) -> dict[str, Any]:
    _check_application(account, request.params)
    identity = request.params["TaskId"]
    if not identity.startswith(f"{account.sub_app_id}-"):
        raise refuse("InvalidParameterValue.TaskId", "The TaskId is none of this application's.")
    task = account.tasks.get(identity)
    if not isinstance(task, Task) or expired(task, account.now()):
        raise Refusal("ResourceNotFound", "The task does not exist or is over three days old.")
    return describe(task, account.now(), sparse=account.sparse)


async def _list(account: Account, request: Request) -> dict[str, Any]:
    """List the tasks of three days, newest first, as TaskSimpleInfo (VOD API page, 2025-10)."""
    _check_application(account, request.params)
    now = account.now()
    alive = [t for t in account.tasks.values() if isinstance(t, Task) and not expired(t, now)]
    newest = sorted(alive, key=lambda task: task.created, reverse=True)
    start = int(request.params.get("ScrollToken") or 0)
    end = start + int(request.params.get("Limit", 10))
    rows = [_listed(account, task) for task in newest[start:end]]
    return {"TaskSet": rows, "ScrollToken": str(end) if end < len(newest) else ""}


def _listed(account: Account, task: Task) -> dict[str, Any]:
    whole = describe(task, account.now(), sparse=False)
    row = {name: whole[name] for name in _LISTED_TASK}
    session = str(task.params.get("SessionId", ""))
    return {**row, "TaskId": task.id, "FileId": "", "SessionId": session, "SessionContext": ""}


def _check_application(account: Account, params: Params) -> None:
    if params["SubAppId"] != account.sub_app_id:
        raise Refusal("InvalidParameterValue.SubAppId", "The application does not exist.")


def _something_to_go_by(params: Params) -> None:
    if not params.get("Prompt") and not params.get("FileInfos"):
        raise refuse("InvalidParameter", "Prompt is required when FileInfos is empty.")


def _one_source_each(params: Params) -> None:
    for file in params.get("FileInfos", []):
        given = {name for name in _SOURCES.values() if file.get(name)}
        if given != {_SOURCES[file["Type"]]}:
            raise refuse("InvalidParameter", f"A file of Type {file['Type']} has that one source.")
        if file["Type"] == "Url" and not is_web_url(file["Url"]):
            raise refuse("InvalidParameter", "The Url of a file is malformed.")


ACTIONS: Final = (
    Action(
        "CreateAigcImageTask",
        service="vod",
        version="2018-07-17",
        handle=_create,
        per_second=CREATES_PER_SECOND,
        value_code="InvalidParameter",
        fields=(
            _SUB_APP_ID,
            Field("ModelName", required=True),
            Field("ModelVersion", required=True),
            Field("FileInfos", "objects", members=_FILE),
            Field("Prompt"),
            Field("NegativePrompt"),
            Field("EnhancePrompt", choices=_SWITCH),
            Field("OutputConfig", "object", members=_OUTPUT),
            Field("InputRegion", choices=("Mainland", "Oversea", "OverseaUSWest")),
            Field("SceneType"),
            Field("Seed", "integer"),
            Field("SessionId", longest=50, long_code="InvalidParameterValue.SessionIdTooLong"),
            Field(
                "SessionContext",
                longest=1000,
                long_code="InvalidParameterValue.SessionContextTooLong",
            ),
            Field("TasksPriority", "integer", low=-10, high=10),
            Field("ExtInfo"),
        ),
        checks=(
            _something_to_go_by,
            _one_source_each,
            expiry_is_a_time,
            check_model,
            check_extras,
        ),
    ),
    Action(
        "DescribeTaskDetail",
        service="vod",
        version="2018-07-17",
        handle=_describe,
        per_second=READS_PER_SECOND,
        fields=(_SUB_APP_ID, Field("TaskId", required=True)),
    ),
    Action(
        "DescribeTasks",
        service="vod",
        version="2018-07-17",
        handle=_list,
        per_second=READS_PER_SECOND,
        fields=(
            _SUB_APP_ID,
            Field("Status", choices=("WAITING", "PROCESSING", "FINISH")),
            Field("Sort", "object", members=_SORT),
            Field("Limit", "integer", low=1, high=100),
            Field("ScrollToken"),
        ),
    ),
    *processing.ACTIONS,
    *templates.ACTIONS,
)
