"""VOD picture tasks: their reference pictures, and their way through the queue to stored files."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.inputs import (
    OutOfReach,
    Unreadable,
    decode_base64,
    fetch,
    measure,
)
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.results import TEMPORARY_LIFE_S
from bot.sandbox.tencent.rules import Params
from bot.sandbox.tencent.vod.extras import Size, result_size
from bot.sandbox.tencent.vod.pictures import count_of, first_seed, make, shape_of

POOL = "vod"
KIND = "AigcImageTask"
TASK_LIFE_S = 3 * 86_400  # (VOD API, 2026-10: tasks of the last three days can be asked about)
REFERENCE_BYTES = 7_000_000  # (VOD API, 2026-10: all Base64 files <= "7 MB", smaller reading)
SOURCE_CLASS = 60000  # ErrCode of an unusable source file
MAKING_FAILED = (70000, "InternalError")
_FORMATS = frozenset({"JPEG", "MPO", "PNG", "WEBP"})
_FOREVER = float("inf")

Reference = bytes | str  # the picture, or the URL to fetch it from when its turn comes


@dataclass(frozen=True)
class Stored:
    """A finished picture and where it is: `until` is unix seconds or None for ever."""

    data: bytes
    size: Size
    url: str
    until: float | None
    file_id: str | None


@dataclass
class Task:
    """One accepted request; times are unix seconds, None until they come.

    `kind` is what DescribeTaskDetail calls its type, `seconds` how long it is said to take.
    """

    id: str
    params: Params
    created: float
    kind: str = KIND
    seconds: float = 0.0
    begun: float | None = None
    finished: float | None = None
    error: tuple[int, str] = (0, "")
    message: str = ""
    files: list[Stored] = field(default_factory=list)


Make = Callable[[Task], Awaitable[None]]


async def read_references(account: Account, files: list[dict[str, Any]]) -> list[Reference]:
    """Decode what can be decoded at once. Raises Refusal for what is no acceptable picture."""
    references: list[Reference] = []
    for file in files:
        if file["Type"] == "Url":
            references.append(file["Url"])
        elif file["Type"] == "File":
            references.append(stored(account, file["FileId"]))
        else:
            references.append(await asyncio.to_thread(decoded, account, file["Base64"]))
    handed_in = [
        len(data) for data, file in zip(references, files, strict=True) if file["Type"] == "Base64"
    ]
    if sum(handed_in) > REFERENCE_BYTES:
        raise refuse("InvalidParameter", f"The files exceed {REFERENCE_BYTES} bytes together.")
    return references


def start(account: Account, request: Request, references: list[Reference]) -> Task:
    """Accept a task of CreateAigcImageTask."""

    async def make(task: Task) -> None:
        await _make_or_fail(account, request, task, references)

    return begin(account, request, KIND, make, pictures=_count(request))


def begin(account: Account, request: Request, kind: str, make: Make, *, pictures: int = 1) -> Task:
    """Accept a task: it waits for a slot, is worked on, and finishes, all in the background."""
    identity = f"{account.sub_app_id}-{kind}-{secrets.token_hex(16)}t"
    seconds = account.seconds_per_picture * pictures
    task = Task(identity, request.params, account.now(), kind, seconds)
    account.tasks[identity] = task
    account.background(_work(account, task, make))
    return task


def expired(task: Task, now: float) -> bool:
    """Tell whether a task is too old to be asked about."""
    return now - task.created > TASK_LIFE_S


async def _work(account: Account, task: Task, make: Make) -> None:
    slots = account.slots[POOL]
    await slots.wait(task.params.get("TasksPriority", 0))
    task.begun = account.now()
    try:
        await make(task)
    except Exception:
        task.error = MAKING_FAILED  # the artist broke: let the client know, and the test see why
        raise
    finally:
        task.finished = account.now()
        slots.free()


async def _make_or_fail(
    account: Account, request: Request, task: Task, references: list[Reference]
) -> None:
    script, count = request.script, _count(request)
    if script.task_error is not None:
        await account.pass_time()
        task.error, task.message = script.task_error, script.message
        return
    try:
        sources = [await source_of(account, reference) for reference in references]
    except OutOfReach as error:
        task.error, task.message = (SOURCE_CLASS, "ResourceNotFound"), str(error)
        return
    except Unreadable as error:
        task.error, task.message = (SOURCE_CLASS, "InvalidParameter.MediaFormat"), str(error)
        return
    size = result_size(task.params, shape_of(sources))
    first = first_seed(task.params, task.id)
    paint = partial(make, account.artist, task.params, sources, size, range(first, first + count))
    made = await account.timed(count, paint)
    if made:
        account.charge(request, len(made))
    task.files = [_store(account, task, data, size) for data in made]


async def source_of(account: Account, reference: Reference) -> bytes:
    """Give a reference picture. Raises OutOfReach and Unreadable."""
    if isinstance(reference, bytes):
        return reference
    data = await fetch(reference)
    await asyncio.to_thread(measure, data, _FORMATS, account.faults)
    return data


def _count(request: Request) -> int:
    scripted = request.script.pictures
    return count_of(request.params) if scripted is None else scripted


def _store(account: Account, task: Task, data: bytes, size: Size) -> Stored:
    output = task.params.get("OutputConfig", {})
    name = f"aigcImageGenFile.{output.get('OutputFormat', 'png')}"
    if output.get("StorageMode") == "Permanent":
        file_id = str(secrets.randbelow(10**18))
        account.files[file_id] = data
        url = account.results.keep_plain(data, "vod", name, _FOREVER)
        return Stored(data, size, url, None, file_id)
    until = account.now() + TEMPORARY_LIFE_S
    return Stored(data, size, account.results.keep_plain(data, "vod", name, until), until, None)


def stored(account: Account, file_id: str) -> bytes:
    """Give a permanently stored picture. Raises Refusal."""
    if file_id not in account.files:
        raise Refusal("InvalidParameterValue.FileId", "The FileId does not exist.")
    return account.files[file_id]


def decoded(account: Account, text: str) -> bytes:
    """Decode a picture's Base64. Raises Refusal for what is no acceptable picture."""
    try:
        data = decode_base64(text)
        measure(data, _FORMATS, account.faults)
    except Unreadable as error:
        raise refuse("InvalidParameter", f"A file is no acceptable picture: {error}") from error
    return data
