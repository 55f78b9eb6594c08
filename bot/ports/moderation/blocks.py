"""Whom moderators block, with what that does to jobs that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.jobs.job import JobId
from bot.domain.moderation.blocks import Block, BlockKind


@dataclass(frozen=True, slots=True)
class BlockPage:
    """Some of a server's blocks that hold, the latest first, and how many there are in all."""

    blocks: tuple[Block, ...]
    count: int


class BlockStore(Protocol):
    """Blocks of servers; each change is written down with it."""

    async def put(
        self, guild_id: int, block: Block, *, alias: int | None = None
    ) -> Sequence[JobId]:
        """Keep a block, in place of an earlier one of the same; returns the jobs that this ended.

        An earlier one of a member may stand under their `alias`, since an erasure. The jobs are the
        member's own in this server, of which nothing was sent; they are refunded. A role's block
        ends none: which members have it is not known here. Raises TooManyBlocks.
        """

    async def remove(
        self,
        guild_id: int,
        kind: BlockKind,
        subject_id: int,
        *,
        by: int,
        now: float,
        alias: int | None = None,
    ) -> Block | None:
        """Lift a block, also one under the member's `alias`, and return it.

        None where there is none that holds.
        """

    async def page(self, guild_id: int, now: float, limit: int, skip: int) -> BlockPage:
        """Return `limit` of the blocks that hold, after the first `skip` of them."""
