"""Tells each member once that pictures go to the cloud, and how long they are kept."""

import structlog

from bot.domain.engines.plans import Plan
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.members import MemberSettingsStore

_log = structlog.get_logger(__name__)

_KEY = "told_of_uploads"
_REMEMBERED = 10_000  # members who were told, so that no later upload asks the database


class FirstUploads:
    """Knows who was told; `kept_s` is how long pictures are kept, in seconds."""

    def __init__(self, *, store: MemberSettingsStore, kept_s: float) -> None:
        self._store = store
        self.kept_s = kept_s
        self._told: dict[int, None] = {}

    async def is_first(self, plan: Plan, user_id: int) -> bool:
        """Tell once of each member whether to tell them now; a fault here fails no request."""
        if plan.engine.is_free or user_id in self._told:
            return False
        try:
            is_first = await self._store.keep_first(user_id, _KEY, "")
        except StorageUnavailable as fault:
            _log.warning("first_upload_unknown", user=user_id, reason=repr(fault.__cause__))
            return False
        self._remember(user_id)
        return is_first

    async def was_not_told(self, user_id: int) -> None:
        """Take back that somebody was told: the next upload tells them."""
        self._told.pop(user_id, None)
        try:
            await self._store.keep(user_id, _KEY, None)
        except StorageUnavailable as fault:
            _log.warning("first_upload_untold", user=user_id, reason=repr(fault.__cause__))

    def _remember(self, user_id: int) -> None:
        self._told[user_id] = None
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
