"""Moderators block members and roles from asking for pictures, and lift that again."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.domain.members.actor import Actor
from bot.domain.moderation.blocks import Block, BlockKind
from bot.domain.moderation.ends import end_of
from bot.domain.moderation.errors import (
    EveryoneNotBlocked,
    ModeratorsNotBlocked,
    NoReasonForBlock,
    NotBlocked,
    NotYourself,
    RoleModerates,
)
from bot.domain.personal.aliases import AliasOf
from bot.domain.wording.quoting import has_visible
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.moderation.blocks import BlockPage, BlockStore
from bot.services.members.moderators import Moderators
from bot.services.moderation.gate import Gate

_log = structlog.get_logger(__name__)

PAGE = 10  # blocks


@dataclass(frozen=True, slots=True)
class RoleToBlock:
    """A role, and whether it brings the permission Manage Server."""

    role_id: int
    may_manage: bool = False


Subject = Actor | RoleToBlock
"""Whom a block is for, a member with what the interaction says of them."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block that was set, and how many waiting jobs it ended."""

    block: Block
    ended: int


class Blocks:
    """Changes blocks for moderators, which whoever calls has checked, at the moment of the act."""

    def __init__(
        self,
        *,
        store: BlockStore,
        settings: GuildSettingsStore,
        moderators: Moderators,
        gate: Gate,
        alias_of: AliasOf,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._settings = settings
        self._moderators = moderators
        self._gate = gate
        self._alias_of = alias_of
        self._ring = ring
        self._now = now

    async def add(self, by: Actor, subject: Subject, reason: str, until: str | None) -> Blocked:
        """Block somebody, in place of an earlier block of the same; `until` is as it was typed.

        Raises the NotPossible that says why not: nobody is blocked by themselves, nor a moderator
        by one without Manage Server.
        """
        guild_id = by.guild_id or 0
        await self._check(by, subject)
        if not has_visible(reason):
            raise NoReasonForBlock
        now = self._now()
        zone = (await self._settings.settings(guild_id)).zone
        end = end_of(until, now, zone) if until is not None else None
        block = Block(*_key(subject), reason.strip(), end, set_by=by.user_id, set_at=now)
        ended = await self._store.put(guild_id, block, alias=self._alias(subject))
        self._gate.expire(guild_id)
        self._ring()
        _log.info("blocked", guild=guild_id, by=by.user_id, kind=block.kind, ended=len(ended))
        return Blocked(block, len(ended))

    async def remove(self, by: Actor, subject: Subject) -> Block:
        """Lift a block and return it; raises NotBlocked, or what `add` does of who may."""
        guild_id = by.guild_id or 0
        if isinstance(subject, Actor):
            await self._check(by, subject)
        alias = self._alias(subject)
        block = await self._store.remove(
            guild_id, *_key(subject), by=by.user_id, now=self._now(), alias=alias
        )
        if block is None:
            raise NotBlocked
        self._gate.expire(guild_id)
        _log.info("unblocked", guild=guild_id, by=by.user_id, kind=block.kind)
        return block

    async def page(self, guild_id: int, number: int) -> BlockPage:
        """Return a page of the blocks that hold; `number` counts from 0."""
        return await self._store.page(guild_id, self._now(), PAGE, number * PAGE)

    def _alias(self, subject: Subject) -> int | None:
        return self._alias_of(subject.user_id) if isinstance(subject, Actor) else None

    async def _check(self, by: Actor, subject: Subject) -> None:
        guild_id = by.guild_id or 0
        if isinstance(subject, RoleToBlock):
            await self._check_role(guild_id, subject)
        elif subject.user_id == by.user_id:
            raise NotYourself
        elif not by.may_manage and await self._moderators.include(subject, guild_id):
            raise ModeratorsNotBlocked(user_id=subject.user_id)

    async def _check_role(self, guild_id: int, role: RoleToBlock) -> None:
        if role.role_id == guild_id:
            raise EveryoneNotBlocked
        moderators = (await self._settings.settings(guild_id)).moderator_role_id
        if role.may_manage or role.role_id == moderators:
            raise RoleModerates(role_id=role.role_id)


def _key(subject: Subject) -> tuple[BlockKind, int]:
    if isinstance(subject, RoleToBlock):
        return BlockKind.ROLE, subject.role_id
    return BlockKind.USER, subject.user_id
