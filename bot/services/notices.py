"""Brings notices to those they concern: moderators in their log channel, the operator directly."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.domain.quotas.allowances import Allowance, LimitWindow, Use
from bot.ports.accounts import GuildSettingsStore, WarningStore
from bot.ports.notices import PostBudget, WriteBudget

_log = structlog.get_logger(__name__)

_TIMEOUT_S = 5.0  # for all notices of a request together: less than a stop waits


class Notices:
    """Tells of budgets; what `accept` warned of is forgotten again where it could not be told."""

    def __init__(
        self,
        *,
        settings: GuildSettingsStore,
        warnings: WarningStore,
        post: PostBudget,
        write: WriteBudget,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._settings = settings
        self._warnings = warnings
        self._post = post
        self._write = write
        self._timeout_s = timeout_s

    @asynccontextmanager
    async def telling_of(
        self, warnings: Sequence[Use], guild_id: int | None
    ) -> AsyncIterator[None]:
        """Tell of budgets near their end after the block, whose replies they may not delay."""
        try:
            yield
        except BaseException:
            # Nothing is told now: a stop, which this may be, waits for the end.
            await self.take_back([use.window for use in warnings], guild_id)
            raise
        await self.tell_of(warnings, guild_id)

    async def tell_of(self, warnings: Sequence[Use], guild_id: int | None) -> None:
        """Tell of budgets that near their end; faults are only logged."""
        if not warnings:
            return
        untold = list(warnings)
        try:
            async with asyncio.timeout(self._timeout_s), asyncio.TaskGroup() as group:
                # Side by side, so that a log channel that hangs keeps no direct message back.
                for is_operators in (False, True):
                    uses = [
                        use
                        for use in warnings
                        if use.window.kind.traits.is_operators is is_operators
                    ]
                    group.create_task(self._tell(uses, guild_id, untold))
        except TimeoutError:
            kinds = [use.window.kind.value for use in untold]
            _log.warning("notices_given_up", guild=guild_id, kinds=kinds)
        finally:
            # Also when a stop cancels this: then the next request warns.
            await self.take_back([use.window for use in untold], guild_id)

    async def warn_again(self, allowance: Allowance, guild_id: int | None) -> None:
        """Let the next request warn: what a transaction noted whose answer was lost is not told.

        Of a warning that was given before, there is another.
        """
        budgets = [window for window in allowance.windows if window.kind.traits.is_budget]
        await self.take_back(budgets, guild_id)

    async def take_back(self, untold: Sequence[LimitWindow], guild_id: int | None) -> None:
        """Let the next request warn of these budgets; faults are only logged."""
        if not untold:
            return
        try:
            await self._warnings.forget(guild_id, *untold)
        except Exception:  # noqa: BLE001 - the job is accepted, whatever becomes of a notice
            _log.warning("warning_not_taken_back", guild=guild_id, exc_info=True)

    async def _tell(self, uses: Sequence[Use], guild_id: int | None, untold: list[Use]) -> None:
        """Send one after the other, and strike off the list what was told."""
        for use in uses:
            try:
                if await self._send(use, guild_id):
                    untold.remove(use)
            except Exception:  # noqa: BLE001 - one that fails must not keep the others back
                kind = use.window.kind.value
                _log.warning("notice_failed", guild=guild_id, kind=kind, exc_info=True)

    async def _send(self, use: Use, guild_id: int | None) -> bool:
        if use.window.kind.traits.is_operators:
            return await self._write(use)
        channel_id = (await self._settings.settings(guild_id or 0)).log_channel_id
        return channel_id is None or await self._post(channel_id, use)
