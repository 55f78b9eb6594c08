"""VOD's ProcessImageAsync: a picture, a template, and the task that comes of them."""

import asyncio
from typing import Any, Final

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.inputs import OutOfReach, Unreadable, is_web_url
from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.rules import Action, Field, Params
from bot.sandbox.tencent.vod.enhance import process
from bot.sandbox.tencent.vod.sessions import expiry_is_a_time, expiry_of, remember_session
from bot.sandbox.tencent.vod.tasks import (
    SOURCE_CLASS,
    Stored,
    Task,
    begin,
    decoded,
    source_of,
    stored,
)
from bot.sandbox.tencent.vod.templates import Template, check_application, template_of

KIND: Final = "ProcessImageAsync"
PER_SECOND = 20  # (VOD API page 266/79900, 2026-05)
PICTURE_BYTES = 4_000_000  # (VOD API page 266/79900: "less than 4 MB", smaller reading)
_SOURCES: Final = ("FileId", "Url", "Base64")
_ENDINGS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp"}


async def _start(account: Account, request: Request) -> dict[str, Any]:
    params = request.params
    check_application(account, params)
    template = template_of(account, params["ImageTaskInput"]["Definition"])
    reference = await _reference(account, params)
    remember_session(account, params.get("SessionId"))

    async def make(task: Task) -> None:
        await _make(account, request, task, reference, template)

    return {"TaskId": begin(account, request, KIND, make).id}


async def _reference(account: Account, params: Params) -> bytes | str:
    if params.get("Url"):
        url: str = params["Url"]
        return url
    if params.get("FileId"):
        return stored(account, params["FileId"])
    data = await asyncio.to_thread(decoded, account, params["Base64"])
    if len(data) >= PICTURE_BYTES:
        raise refuse("InvalidParameter", f"The picture has {PICTURE_BYTES} bytes or more.")
    return data


async def _make(
    account: Account, request: Request, task: Task, reference: bytes | str, template: Template
) -> None:
    if request.script.task_error is not None:
        await account.pass_time()
        task.error, task.message = request.script.task_error, request.script.message
        return
    try:
        source = await source_of(account, reference)
        made = await account.timed(1, lambda: process(source, template.configure))
    except (OutOfReach, Unreadable) as error:
        task.error, task.message = (SOURCE_CLASS, ""), str(error)
        return
    account.charge(request, 1)
    data, size, kind = made
    until = expiry_of(task.params)
    name = f"processed.{_ENDINGS[kind]}"
    url = account.results.keep_plain(data, "vod", name, until or float("inf"))
    task.files = [Stored(data, size, url, until, task.id)]


def _one_source(params: Params) -> None:
    given = [name for name in _SOURCES if params.get(name)]
    if len(given) != 1:
        raise refuse("InvalidParameter", "Give one of FileId, Url and Base64.")
    if params.get("Url") and not is_web_url(params["Url"]):
        raise refuse("InvalidParameter", "The Url is malformed.")


ACTIONS: Final = (
    Action(
        KIND,
        service="vod",
        version="2018-07-17",
        handle=_start,
        per_second=PER_SECOND,
        value_code="InvalidParameter",
        fields=(
            Field(
                "SubAppId", "integer", required=True, missing_code="InvalidParameterValue.SubAppId"
            ),
            *(Field(name) for name in _SOURCES),
            Field(
                "ImageTaskInput",
                "object",
                required=True,
                members=(
                    Field("Definition", "integer", required=True, low=1),
                    Field("ExtendedParameter", "object", members=(Field("Prompts", "strings"),)),
                ),
            ),
            Field(
                "OutputConfig",
                "object",
                members=(
                    Field("MediaName", longest=64),
                    Field("ClassId", "integer", low=0),
                    Field("ExpireTime"),
                ),
            ),
            Field("SessionId", longest=50, long_code="InvalidParameterValue.SessionIdTooLong"),
            Field(
                "SessionContext",
                longest=1000,
                long_code="InvalidParameterValue.SessionContextTooLong",
            ),
            Field("TasksPriority", "integer", low=-10, high=10),
            Field("ExtInfo"),
        ),
        checks=(_one_source, expiry_is_a_time),
    ),
)
