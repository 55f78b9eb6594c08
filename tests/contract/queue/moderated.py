"""What moderators do in the state machine of the queue: held jobs, stopped servers."""

import asyncio
import math
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.jobs.job import JobId, Order
from bot.domain.jobs.operations import GuildPause
from bot.domain.jobs.reasons.denial import Denial, DenyReason
from bot.domain.moderation.blocks import Block, BlockKind
from storage import Storage
from tests.contract import recount
from tests.contract.orders import order
from tests.contract.queue.promises import rows_of

GUILDS = (1, 2, 3)
USERS = st.integers(0, 6)
T = TypeVar("T")


def guild_id(number: int) -> int:
    return order(guild=number).destination.guild_id or 0


class Moderated(RuleBasedStateMachine):
    """The rules of moderators; whoever inherits opens the storage and moves the time."""

    storage: Storage
    now: float

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.accepted: set[JobId] = set()
        self.pauses: dict[int, GuildPause] = {}
        self.asked: dict[JobId, bool] = {}  # whether a moderator has said yes
        self.blocked: dict[tuple[int, int], Block] = {}
        self.left: dict[JobId, float] = {}  # seconds that held jobs may still wait

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def hold_back(self, data: st.DataObject) -> None:
        """Hold a job back, if it waits, unheld and unsent, and its time is not over."""
        before, job_id = self.some_job(data)
        can = recount.is_claimable(before, math.inf) and before.sent_at is None
        can = can and not recount.is_late(before, self.now)
        assert self.run(self.storage.holds.hold(job_id, 9, self.now)) == can
        if can:
            self.left[job_id] = before.deadline_at - self.now

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def release_held(self, data: st.DataObject) -> None:
        """Let a job go that is held: in its old place, with as long to wait as was left."""
        before, job_id = self.some_job(data)
        is_held = before.state == "queued" and before.held_for == "moderator"
        assert self.run(self.storage.holds.release(job_id, 9, self.now)) == is_held
        if is_held:
            after = self.row_of(job_id)
            assert after.deadline_at == pytest.approx(self.now + self.left.pop(job_id))
            place = ("created_at", "priority", "pool", "lane", "user_id")
            assert [getattr(after, name) for name in place] == [
                getattr(before, name) for name in place
            ]

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), denial=st.sampled_from([None, Denial(DenyReason.RULES)]))
    def decide(self, data: st.DataObject, denial: Denial | None) -> None:
        """Say yes or no to a job: what waits for that goes on or ends, and nothing else changes."""
        before, job_id = self.some_job(data)
        waits = before.state == "queued" and before.held_for == "approval"
        waits = waits and not recount.is_late(before, self.now)
        decision = self.run(self.storage.approvals.decide(job_id, 9, self.now, denial))
        assert (decision is not None) == (job_id in self.asked)
        assert bool(decision and decision.is_new) == waits
        after = self.row_of(job_id)
        if not waits:
            assert after == before
        elif denial is None:
            self.asked[job_id] = True
            assert (after.state, after.deadline_at) == ("queued", self.now + before.wait_left_s)
        else:
            assert (after.state, after.cancelled_by) == ("cancelled", 9)

    @invariant()
    def nothing_leaves_before_a_yes(self) -> None:
        for row in self.run(rows_of(self.storage)):
            if self.asked.get(row.id) is False:
                assert (row.started_at, row.sent_at, row.cost_usd) == (None, None, 0.0)

    @rule(guild=st.sampled_from(GUILDS), is_drain=st.booleans())
    def pause_guild(self, guild: int, is_drain: bool) -> None:  # noqa: FBT001 - hypothesis names it
        pause = GuildPause("", self.now, is_drain)
        self.run(self.storage.guild_pauses.pause(guild_id(guild), pause, 9))
        self.pauses[guild_id(guild)] = pause

    @rule(guild=st.sampled_from(GUILDS))
    def resume_guild(self, guild: int) -> None:
        was_paused = self.pauses.pop(guild_id(guild), None) is not None
        resumed = self.storage.guild_pauses.resume(guild_id(guild), 9, self.now)
        assert self.run(resumed) == was_paused

    @rule(
        guild=st.sampled_from(GUILDS), user=st.integers(0, 6), lasts_s=st.sampled_from([None, 60])
    )
    def block(self, guild: int, user: int, lasts_s: int | None) -> None:
        """Block somebody in a server: what they wait for there ends, and nothing else changes."""
        to = order(guild=guild, user=user).destination
        before = {row.id: row for row in self.run(rows_of(self.storage))}
        theirs = {
            row.id
            for row in before.values()
            if (row.guild_id, row.user_id) == (to.guild_id, to.user_id)
            and row.state in {"queued", "running"}
            and row.sent_at is None
        }
        until = None if lasts_s is None else self.now + lasts_s
        wanted = Block(BlockKind.USER, to.user_id, "", until, set_by=9, set_at=self.now)
        assert set(self.run(self.storage.blocks.put(guild_id(guild), wanted))) == theirs
        self.blocked[guild_id(guild), to.user_id] = wanted
        for job_id in theirs:
            after = self.row_of(job_id)
            assert (after.state, after.cost_usd, after.refunded) == ("cancelled", 0.0, True)

    @rule(guild=st.sampled_from(GUILDS), user=USERS)
    def unblock(self, guild: int, user: int) -> None:
        to = order(guild=guild, user=user).destination
        known = self.blocked.pop((guild_id(guild), to.user_id), None)
        remove = self.storage.blocks.remove
        lifted = self.run(remove(guild_id(guild), BlockKind.USER, to.user_id, by=9, now=self.now))
        assert (lifted is not None) == (known is not None and known.holds(self.now))

    def is_blocked(self, asked: Order) -> bool:
        to = asked.destination
        block = self.blocked.get((to.guild_id or 0, to.user_id))
        return block is not None and block.holds(self.now)

    def some_job(self, data: st.DataObject) -> tuple[Any, JobId]:
        job_id = data.draw(st.sampled_from(sorted(self.accepted)))
        return self.row_of(job_id), job_id

    def row_of(self, job_id: JobId) -> Any:
        return {row.id: row for row in self.run(rows_of(self.storage))}[job_id]
