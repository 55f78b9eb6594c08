"""Tells the operator, once over all processes, before a package of the cloud account ends."""

import asyncio

import structlog

from bot.domain.quotas.packages import PackageEnd, PackageUse
from bot.ports.accounts import PackageStore
from bot.ports.clock import Clock
from bot.ports.notices import WritePackage

_log = structlog.get_logger(__name__)

_LOOK_S = 60.0


class Packages:
    """Looks at the packages' use now and then; what could not be told is told later."""

    def __init__(
        self, *, store: PackageStore, write: WritePackage, now: Clock, look_s: float = _LOOK_S
    ) -> None:
        self._store = store
        self._write = write
        self._now = now
        self._look_s = look_s

    async def run(self) -> None:
        """Look until cancelled; faults are only logged."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("packages_unread", exc_info=True)
            await asyncio.sleep(self._look_s)

    async def look(self) -> None:
        """Tell of every package that comes to its end and was not told of."""
        for use in await self._store.uses():
            for ending in use.endings(self._now()):
                if await self._note(use, ending):
                    await self._tell(use, ending)

    async def _note(self, use: PackageUse, ending: PackageEnd) -> bool:
        """Note it; whoever is stopped meanwhile tells nobody, so a note that was made is undone."""
        noting = asyncio.create_task(self._store.note(use, ending))
        try:
            return await asyncio.shield(noting)
        except asyncio.CancelledError:
            if await noting:
                await self._store.forget(use, ending)
            raise

    async def _tell(self, use: PackageUse, ending: PackageEnd) -> None:
        """Tell; noted before, so that no other process does, and taken back where it failed."""
        _log.warning("package_ending", package=use.name, how=ending.value, left=use.left)
        is_told = False
        try:
            is_told = await self._write(use, ending)
        finally:
            if not is_told:
                await self._store.forget(use, ending)
