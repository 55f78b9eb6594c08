"""Keeps the cloud account's packages and what was told of them, and uses them up as jobs settle."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.quotas.packages import Package, PackageEnd, PackageUse, names_of, share_out
from bot.ports.accounts import PackageStore
from storage.database.tables import packages
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert


class SqlPackages(Store, PackageStore):
    """`PackageStore` on the table `packages`; how much is used survives changes of the list."""

    @override
    @in_transaction
    async def keep(self, conn: AsyncConnection, listed: Sequence[Package]) -> None:
        await conn.execute(update(packages).values(images=0))  # gone from the list: none left
        for name, package in names_of(listed).items():
            row = upsert(conn, packages).values(
                name=name,
                pool=package.pool,
                images=package.images,
                expires_at=package.expires_at,
                used=0,
            )
            new = {"images": row.excluded.images}
            await conn.execute(row.on_conflict_do_update(index_elements=["name"], set_=new))

    @override
    @on_connection
    async def uses(self, conn: AsyncConnection) -> list[PackageUse]:
        columns = (packages.c[name] for name in PackageUse.__dataclass_fields__)
        listed = select(*columns).where(packages.c.images > 0)
        in_order = listed.order_by(packages.c.expires_at, packages.c.name)
        return [PackageUse(**row) for row in (await conn.execute(in_order)).mappings()]

    @override
    @in_transaction
    async def note(self, conn: AsyncConnection, use: PackageUse, ending: PackageEnd) -> bool:
        told = packages.c[f"told_{ending}"]
        is_new = or_(told.is_(None), told != use.images)
        noted = update(packages).where(packages.c.name == use.name, is_new)
        return (await conn.execute(noted.values({told: use.images}))).rowcount == 1

    @override
    @in_transaction
    async def forget(self, conn: AsyncConnection, use: PackageUse, ending: PackageEnd) -> None:
        told = packages.c[f"told_{ending}"]
        is_it = (packages.c.name == use.name, told == use.images)
        await conn.execute(update(packages).where(*is_it).values({told: None}))


async def draw(
    conn: AsyncConnection, pool: str, pictures: int, now: float
) -> tuple[int, str | None]:
    """Use up as many pictures as the pool's packages still hold; returns how many, and of which.

    The earliest to expire comes first. The rows stay locked until the transaction ends; it must
    have begun with a write, and after these takes no lock but on the running totals.
    """
    is_good = (packages.c.pool == pool, packages.c.expires_at > now)
    left = (packages.c.images - packages.c.used).label("left")
    good = select(packages.c.name, left).where(*is_good, packages.c.used < packages.c.images)
    rows = (
        await conn.execute(good.order_by(packages.c.expires_at, packages.c.name).with_for_update())
    ).all()
    drawn = share_out(pictures, ((row.name, row.left) for row in rows))
    for name, number in drawn.items():
        used = {"used": packages.c.used + number}
        await conn.execute(update(packages).where(packages.c.name == name).values(used))
    return sum(drawn.values()), ", ".join(drawn)[:100] or None
