"""Every error code of the documents, end to end: what the member reads, and who pays."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobState, job_id_of
from bot.domain.jobs.scheduling import MAX_TRIES
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.providers.tencent.codes import CALLS, call_error
from tests.contract.orders import LIVE
from tests.whole.conftest import Clock, has_pictures, ledger, photo, says, until_settled

PRICE = 0.08


@dataclass(frozen=True)
class End:
    """What a class of codes comes to: how often it is asked, the sentence, state and cost."""

    calls: int
    words: str
    state: str
    cost_usd: float = 0.0


ENDS: dict[type[ProviderError], End] = {
    InputRefused: End(1, "could not use this prompt or picture", "failed"),
    ServerFault: End(MAX_TRIES, "failed several times", "failed"),
    OutcomeUnknown: End(1, "nobody knows", "unknown", PRICE),
    OperatorFault: End(1, "The service is not available right now", "failed"),
    EngineGone: End(1, "no longer exists", "failed"),
    RequestBug: End(1, "our fault", "failed"),
}
REVIEWS = {
    "prompt": End(1, "review refused the prompt", "refused"),
    "picture": End(1, "review refused the picture", "refused"),
    "result": End(1, "review refused the result", "refused", PRICE),
}


def codes_of(kind: type[ProviderError]) -> list[str]:
    return [code for code in CALLS if type(call_error(code)) is kind]


def end_of(code: str) -> End:
    error = call_error(code)
    return REVIEWS[error.what] if isinstance(error, Moderated) else ENDS[type(error)]


@pytest.mark.parametrize("kind", [*ENDS, Moderated], ids=lambda kind: kind.__name__)
async def test_a_code_is_told_in_its_sentence_and_costs_what_the_table_says(
    app: App, stand_ins: StandIns, clock: Clock, kind: type[ProviderError]
) -> None:
    for code in codes_of(kind):
        end, before = end_of(code), len(stand_ins.tencent.calls)
        stand_ins.tencent.script("ImageToImage", code=code, times=end.calls)
        reply = await stand_ins.visitor(code).restyle(photo(), engine="anime")
        job = await ended(app, clock, int(reply.interaction.id))
        message = await reply.until(says(end.words))
        assert code not in message.text, "a code is for moderators"
        assert str(stand_ins.tencent.calls[-1].request_id) not in message.text
        row = next(row for row in await ledger(app) if row.job_id == job.id)
        assert (row.state, row.error_code, row.refunded) == (end.state, code, True)
        assert row.cost_usd == pytest.approx(end.cost_usd)
        assert row.request_id == stand_ins.tencent.calls[-1].request_id
        assert len(stand_ins.tencent.calls) == before + end.calls
        states = app.storage.engine_states
        await states.lift(await states.all())
        await app.engines.look()


async def test_a_busy_code_keeps_the_job_and_its_place(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    for code in codes_of(Busy):
        stand_ins.tencent.script("ImageToImage", code=code)
        reply = await stand_ins.visitor(code).restyle(photo(), engine="anime")
        job = await ended(app, clock, int(reply.interaction.id))
        assert (job.state, job.faults) == (JobState.DONE, 0)
        await reply.until(has_pictures)
    await until_settled(app, count=len(codes_of(Busy)))
    assert len(stand_ins.tencent.charged) == len(codes_of(Busy))


async def ended(app: App, clock: Clock, interaction_id: int) -> Job:
    """Wait for a job's end, skipping the pauses between its tries."""
    async with asyncio.timeout(20):
        while True:
            job = await app.storage.jobs.find(job_id_of(interaction_id))
            if job is not None and job.state not in LIVE:
                return job
            if job is not None and job.state is JobState.QUEUED and job.attempt:
                clock.skipped += 20
                app.worker.ring()
            await asyncio.sleep(0.01)
