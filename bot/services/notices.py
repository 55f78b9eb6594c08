"""Brings notices to those they concern: moderators in their log channel, the operator by letter."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.allowances import Use
from bot.domain.notices import Post, Write, budget_notice, ceiling_notice
from bot.domain.quotas import QuotaStore

_log = structlog.get_logger(__name__)

_PATIENCE_S = 5.0  # for each of three budgets at the most: together less than a stop waits


class Notices:
    """Tells of budgets; what `accept` warned of is forgotten again where it could not be told."""

    def __init__(
        self, *, store: QuotaStore, post: Post, write: Write, patience_s: float = _PATIENCE_S
    ) -> None:
        self._store = store
        self._post = post
        self._write = write
        self._patience_s = patience_s

    async def tell_of(self, warnings: Sequence[Use], guild_id: int | None) -> None:
        """Tell of budgets that near their end; faults are only logged."""
        untold = list(warnings)
        try:
            for use in warnings:
                if await self._is_told(use, guild_id):
                    untold.remove(use)
        finally:
            # Also when a stop cancels this: then the next request warns.
            await self._take_back(untold, guild_id)

    async def _is_told(self, use: Use, guild_id: int | None) -> bool:
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._send(use, guild_id)
        except Exception:  # noqa: BLE001 - the job is accepted, whatever becomes of a notice
            kind = use.bound.kind.value
            _log.warning("notice_failed", guild=guild_id, kind=kind, exc_info=True)
            return False

    async def _take_back(self, untold: Sequence[Use], guild_id: int | None) -> None:
        try:
            for use in untold:
                await self._store.unwarn(guild_id, use.bound)
        except Exception:  # noqa: BLE001 - see above
            _log.warning("warning_not_taken_back", guild=guild_id, exc_info=True)

    async def _send(self, use: Use, guild_id: int | None) -> bool:
        if use.bound.kind.is_operators:
            return await self._write(ceiling_notice(use))
        policy = await self._store.policy(guild_id or 0)
        if policy.log_channel_id is None:
            return True
        return await self._post(policy.log_channel_id, budget_notice(use))
