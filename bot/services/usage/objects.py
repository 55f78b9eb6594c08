"""The ledger as its readers want it: objects of the contract, as a table, JSON or CSV."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.ports.accounts import UsageRow, UsageStore

COLUMNS = (
    "job_id",
    "held",
    "guild_id",
    "channel_id",
    "user_id",
    "command",
    "engine",
    "pool",
    "state",
    "images",
    "cost_usd",
    "refunded",
    "error_code",
    "request_id",
    "created_at",
    "started_at",
    "finished_at",
)
_IDS = ("job_id", "guild_id", "channel_id", "user_id")
_TIMES = ("created_at", "started_at", "finished_at")


async def usage_objects(
    store: UsageStore, *, now: float, span_s: float, guild_id: int | None = None
) -> list[dict[str, Any]]:
    """Return the contract's usage objects of the last `span_s` seconds, oldest first."""
    rows = await store.rows(now - span_s, guild_id)
    return [_object(row) for row in rows]


def as_json(objects: Sequence[dict[str, Any]]) -> str:
    """Return a JSON list."""
    return json.dumps(objects, indent=2)


def as_csv(objects: Sequence[dict[str, Any]]) -> str:
    """Return CSV with a header line; null is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(objects)
    return out.getvalue()


def _object(row: UsageRow) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    for name in _IDS:
        values[name] = None if values[name] is None else str(values[name])
    for name in _TIMES:
        if values[name] is not None:
            at = datetime.fromtimestamp(values[name], UTC)
            values[name] = at.isoformat(timespec="milliseconds")
    values["cost_usd"] = round(row.cost_usd, 6)
    return values
