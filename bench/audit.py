"""What writing an act down adds to it: the same changes with the record and without, in turn.

The quickest tenth tells it best: on a busy machine the rest is mostly waiting for the processor.
"""

import time
from collections.abc import Awaitable, Callable
from unittest.mock import patch

from sqlalchemy.ext.asyncio import AsyncConnection

from bench.claim import opened
from bench.figures import quantile, table
from bot.domain.moderation.acts import Act
from bot.domain.quotas.quota import Grant, Period, Rule, Scope
from storage import Storage
from storage.moderation import audit

_NOW = 1_801_000_000.0
_GUILD, _MO, _MEMBER = 10**18, 10**18 + 1, 10**18 + 2
_ACTS = 300
_Change = Callable[[Storage, int], Awaitable[object]]


async def main() -> None:
    """Measure on both databases and print a table."""
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        async with opened(database) as storage:
            if storage is not None:
                for name, change in _CHANGES.items():
                    rows.append((database, name, *await _cells(storage, change)))
    header = ("database", "act", "without", "with", "adds")
    print(table(f"acts written down: p10 / p50 ms over {_ACTS}", header, rows))


async def _set(storage: Storage, number: int) -> object:
    rule = Rule(Scope.EVERYONE, 0, Period.DAY, number)
    return await storage.quotas.set_rule(_GUILD, rule, _MO, _NOW)


async def _grant(storage: Storage, number: int) -> object:
    grant = Grant(_MEMBER, 1, f"number {number}", granted_by=_MO)
    return await storage.quotas.add_grant(_GUILD, grant, _NOW)


_CHANGES: dict[str, _Change] = {"/quota set": _set, "/quota grant": _grant}


async def _cells(storage: Storage, change: _Change) -> tuple[str, str, str]:
    bare, written = list[float](), list[float]()
    for number in range(_ACTS):
        with patch.object(audit, "write", _nothing):
            bare.append(await _took(storage, change, number))
        written.append(await _took(storage, change, number))
    added = [quantile(written, share) - quantile(bare, share) for share in (0.1, 0.5)]
    return _cell(bare), _cell(written), f"{added[0]:.2f} / {added[1]:.2f}"


async def _nothing(_: AsyncConnection, __: Act) -> None:
    """Write nothing down."""


async def _took(storage: Storage, change: _Change, number: int) -> float:
    began = time.perf_counter()
    await change(storage, number)
    return (time.perf_counter() - began) * 1000


def _cell(took: list[float]) -> str:
    return f"{quantile(took, 0.1):.2f} / {quantile(took, 0.5):.2f}"
