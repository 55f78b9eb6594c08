"""aiart's jobs: submitted into a slot that is free now, worked on behind, and asked about."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.aiart import styles
from bot.sandbox.tencent.aiart.fields import FORMATS, mark
from bot.sandbox.tencent.aiart.pictures import seed_of
from bot.sandbox.tencent.aiart.sizes import size_of, snapped
from bot.sandbox.tencent.aiart.words import painted, repainted
from bot.sandbox.tencent.inputs import Limits, picture_of
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR

REFERENCES = 3
WAITING, RUNNING, FAILED, DONE = "1", "2", "4", "5"  # (aiart API, 2026-04)
_WORDS: Final = {WAITING: "waiting", RUNNING: "processing", FAILED: "failed", DONE: "done"}
_REVISION = ", rich in detail"  # what revising adds here
_MAKING_FAILED = "FailedOperation.InnerError"
# "Between 50 and 5000" is read without both ends.
_REFERENCE: Final = Limits(side_above=50, side_below=5000, base64_below=6_000_000, formats=FORMATS)


@dataclass
class Job:
    """One accepted request, asked about with `query`; "" and empty until they come."""

    id: str
    query: str
    revised: str
    status: str = WAITING
    error: str = ""
    message: str = ""
    urls: list[str] = field(default_factory=list)


async def submit(account: Account, request: Request) -> dict[str, Any]:
    """Accept a job of the newest model, with up to three reference pictures."""
    params = request.params
    given = params.get("Images", [])
    if len(given) > REFERENCES:
        raise refuse(PARAMETER_VALUE_ERROR, f"`Images` takes {REFERENCES} pictures.")
    pictures = [(await picture_of(text, _REFERENCE, account.faults))[0] for text in given]
    size, drawn = size_of(params.get("Resolution", "1024:1024")), await mark(account, params)
    revised = _revised(request)
    seed = seed_of(request) if revised != params["Prompt"] else params.get("Seed", seed_of(request))
    if pictures:
        make = partial(repainted, account, revised, pictures, snapped(size), drawn, seed=seed)
    else:
        make = partial(painted, account, revised, size, drawn, seed=seed)
    return _accepted(account, request, "aiart-job", Job(_new_id(), _query(request), revised), make)


async def submit_pro(account: Account, request: Request) -> dict[str, Any]:
    """Accept a job of the older model, in one of its named styles."""
    params = request.params
    size, drawn = size_of(params.get("Resolution", "1024:1024")), await mark(account, params)
    style, revised = styles.PRO.get(params.get("Style", "")), _revised(request)
    make = partial(painted, account, revised, size, drawn, seed=seed_of(request), style=style)
    return _accepted(account, request, "aiart-pro", Job(_new_id(), _query(request), revised), make)


async def query(account: Account, request: Request) -> dict[str, Any]:
    """Tell how a job stands."""
    job = account.tasks.get(request.params["JobId"])
    if not isinstance(job, Job) or job.query != request.action:
        raise Refusal("FailedOperation.JobNotExist", "There is no such job.")
    done = job.status == DONE
    reply: dict[str, Any] = {
        "JobStatusCode": job.status,
        "JobStatusMsg": _WORDS[job.status],
        "JobErrorCode": job.error,
        "JobErrorMsg": job.message,
        "ResultImage": job.urls if done else None,
        "ResultDetails": ["Success" for _ in job.urls] if done else None,
        "RevisedPrompt": [job.revised] if done else None,
    }
    return {k: v for k, v in reply.items() if v not in (None, "", [])} if account.sparse else reply


def _accepted(
    account: Account, request: Request, pool: str, job: Job, make: Callable[[], bytes]
) -> dict[str, Any]:
    """Take a slot, start the job, and name it. Raises Refusal when no slot is free."""
    account.slots[pool].take()
    account.tasks[job.id] = job
    account.background(_work(account, request, pool, job, make))
    return {"JobId": job.id}


async def _work(
    account: Account, request: Request, pool: str, job: Job, make: Callable[[], bytes]
) -> None:
    job.status = RUNNING
    try:
        job.status = await _made_or_failed(account, request, job, make)
    except Exception:
        job.error, job.status = _MAKING_FAILED, FAILED  # the artist broke: the test sees why
        raise
    finally:
        account.slots[pool].free()


async def _made_or_failed(
    account: Account, request: Request, job: Job, make: Callable[[], bytes]
) -> str:
    script = request.script
    if script.task_error is not None:
        await account.pass_time()
        job.error, job.message = script.task_error[1], script.message
        return FAILED
    picture = await account.timed(1, make)
    if script.pictures != 0:
        account.charge(request, 1)
        job.urls = [account.results.keep_signed(picture, "aiart")]
    return DONE


def _revised(request: Request) -> str:
    prompt: str = request.params["Prompt"]
    return prompt + _REVISION if request.params.get("Revise", 1) else prompt


def _query(request: Request) -> str:
    return request.action.replace("Submit", "Query")


def _new_id() -> str:
    return f"{uuid.uuid4()}-0"
