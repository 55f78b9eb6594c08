"""The record of moderators' acts, page by page, for the moderators of its server."""

from dataclasses import dataclass, replace

import structlog

from bot.domain.moderation.acts import WrittenAct
from bot.ports.moderation.audit import AuditStore

_log = structlog.get_logger(__name__)

PAGE = 8  # acts


@dataclass(frozen=True, slots=True)
class AuditLook:
    """What is looked at: the latest `limit` acts, by or about `user_id`, and which page of them.

    `up_to` is the number of the newest act as the look began, so that later ones move no page; 0
    before the first page is read.
    """

    limit: int
    user_id: int = 0
    up_to: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of a look, newest first."""

    look: AuditLook
    acts: tuple[WrittenAct, ...]
    has_older: bool


class AuditReading:
    """Reads one server's acts alone, whatever a look names."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    async def page(self, guild_id: int, look: AuditLook) -> AuditPage:
        """Return a page, and whether there is an older one."""
        skip = look.page * PAGE
        most = max(min(PAGE, look.limit - skip), 0)
        found = await self._store.latest(
            guild_id,
            most + 1,
            user_id=look.user_id or None,
            up_to=look.up_to or None,
            skip=skip,
        )
        if found and not look.up_to:
            look = replace(look, up_to=found[0].number)
        has_older = len(found) > most and look.limit > skip + most
        return AuditPage(look, tuple(found[:most]), has_older)


async def keep_append_only(store: AuditStore) -> None:
    """Put back what refuses changes of the record, and say so: somebody took it away."""
    names = await store.put_guards_back()
    if names:
        _log.error("audit_was_open_to_changes", put_back=names)
