"""A job whose delivery comes late: Discord down, its token over, its tries counted."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import (
    Clock,
    photo,
)

MINUTE, DAY = 60, 86_400
TOKEN_OVER_S = 901
MANY = 10_000


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


def discord_down(stand_ins: StandIns, clock: Clock) -> None:
    """Without the interaction token: the library repeats that for half a minute by itself."""
    clock.skipped += TOKEN_OVER_S
    for method in ("PATCH", "POST", "GET"):
        stand_ins.discord.script(
            method, r"^/(channels/|users/@me/channels)", status=503, times=MANY
        )


async def the_job(app: App, visitor: Visitor) -> Job:
    [job] = await app.storage.jobs.of_member(int(visitor.user.id), 1)
    return job


async def job_that(app: App, visitor: Visitor, met: Callable[[Job], object]) -> Job:
    async with asyncio.timeout(10):
        while not met(job := await the_job(app, visitor)):
            await asyncio.sleep(0.01)
    return job


async def queued(stand_ins: StandIns) -> tuple[Visitor, Message]:
    """Ada's job, held at work at the API, and its message."""
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    return ada, await reply.until(lambda message: not message.loading)
