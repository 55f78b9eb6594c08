"""Keeps requests that wait for their member's yes."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.permutations.request import LIFE_S, PendingRequest, pending_request_of
from bot.ports.permutations import PendingRequestStore
from storage.database.transactions import Store, in_transaction, on_connection
from storage.members.tables import pending_requests


class SqlPendingRequests(Store, PendingRequestStore):
    """`PendingRequestStore` on SQLite and PostgreSQL."""

    @override
    @in_transaction
    async def keep(self, conn: AsyncConnection, request: PendingRequest) -> None:
        asked_at = request.expires_at - LIFE_S
        await conn.execute(delete(pending_requests).where(pending_requests.c.expires_at < asked_at))
        await conn.execute(
            insert(pending_requests).values(
                id=request.id,
                user_id=request.user_id,
                request=request.as_json(),
                expires_at=request.expires_at,
            )
        )

    @override
    @on_connection
    async def find(
        self, conn: AsyncConnection, request_id: str, now: float
    ) -> PendingRequest | None:
        waiting = select(pending_requests).where(
            pending_requests.c.id == request_id, pending_requests.c.expires_at > now
        )
        row = (await conn.execute(waiting)).one_or_none()
        if row is None:
            return None
        return pending_request_of(row.id, row.user_id, row.expires_at, row.request)

    @override
    @in_transaction
    async def give_up(self, conn: AsyncConnection, request_id: str) -> bool:
        given_up = delete(pending_requests).where(pending_requests.c.id == request_id)
        return (await conn.execute(given_up)).rowcount == 1


async def take(conn: AsyncConnection, request_id: str, now: float) -> bool:
    """Take a waiting request in the caller's transaction; False where it waits no more."""
    taken = delete(pending_requests).where(
        pending_requests.c.id == request_id, pending_requests.c.expires_at > now
    )
    return (await conn.execute(taken)).rowcount == 1
