"""Turns orders into rows of the queue and rows back into jobs."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, and_

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import (
    Destination,
    HoldKind,
    Job,
    JobId,
    JobState,
    Lease,
    Options,
    Order,
)
from bot.domain.jobs.reasons.causes import Cause
from bot.domain.jobs.reasons.reason import Reason
from storage.database.tables import jobs

NOBODYS: Mapping[str, Any] = MappingProxyType({"worker": None, "lease_until": None})
FREE: Mapping[str, Any] = MappingProxyType({"held_at": None, "held_for": None, "wait_left_s": None})
"""What a job's row says of a hold where nobody holds it back."""
_DESTINATION_COLUMNS = ("guild_id", "channel_id", "user_id", "message_id", "token")


def is_held_by(lease: Lease) -> ColumnElement[bool]:
    """Tell in a query whether a lease still holds its job."""
    return and_(
        jobs.c.id == lease.job_id,
        jobs.c.worker == lease.worker,
        jobs.c.attempt == lease.attempt,
    )


def row_of(order: Order) -> dict[str, Any]:
    """Return the columns that an order fills."""
    options = asdict(order.options)
    reply = asdict(order.destination)
    destination = {name: reply.pop(name) for name in _DESTINATION_COLUMNS}
    return destination | {
        "id": order.id,
        "command": order.command,
        "engine": order.engine,
        "pool": order.pool,
        "lane": order.destination.lane.guild_or_channel,
        "priority": order.priority,
        "images": order.options.count,
        "price_usd": order.price_usd,
        "is_resumable": order.is_resumable,
        "parent_id": order.parent,
        "is_modified": order.is_modified,
        "claim": order.claim,
        "prompt": options.pop("prompt"),
        "negative": options.pop("negative"),
        "options": options,
        "reply": reply,
        "inputs": list(order.inputs),
        "outputs": [],
        "results": [],
    }


def columns_of(ending: Ending, now: float) -> dict[str, Any]:
    """Return what an end writes into the job's row; unless done, its member is still untold."""
    return {
        **NOBODYS,
        **FREE,
        "state": ending.state,
        "finished_at": now,
        "told_at": now if ending.state is JobState.DONE else None,
        "ready_at": 0.0,
        "error_code": ending.error_code,
        "reason": ending.reason and asdict(ending.reason),
        "cause": ending.cause,
    }


def job_of(row: Row[Any]) -> Job:
    """Return the job in a row; pruned words read as empty."""
    return Job(
        order=_order_of(row),
        state=JobState(row.state),
        created_at=row.created_at,
        attempt=row.attempt,
        faults=row.faults,
        started_at=row.started_at,
        finished_at=row.finished_at,
        sent_at=row.sent_at,
        drawn_at=row.drawn_at,
        deadline_at=row.deadline_at,
        remote_task=row.remote_task,
        request_id=row.request_id,
        worker=row.worker,
        outputs=tuple(row.outputs),
        results=tuple(row.results),
        error_code=row.error_code,
        reason=row.reason and Reason(**row.reason),
        cause=None if row.cause is None else Cause(row.cause),
        deliveries=row.deliveries,
        cancel_at=row.cancel_at,
        cancelled_by=row.cancelled_by,
        posted_channel_id=row.posted_channel_id,
        posted_message_id=row.posted_message_id,
        deleted_at=row.deleted_at,
        held_at=row.held_at,
        held_for=None if row.held_for is None else HoldKind(row.held_for),
    )


def _order_of(row: Row[Any]) -> Order:
    destination = {name: getattr(row, name) for name in _DESTINATION_COLUMNS}
    return Order(
        id=JobId(row.id),
        command=row.command,
        engine=row.engine,
        pool=row.pool,
        options=Options(prompt=row.prompt or "", negative=row.negative, **row.options),
        destination=Destination(**destination, **row.reply),
        inputs=tuple(row.inputs),
        price_usd=row.price_usd,
        priority=row.priority,
        is_resumable=row.is_resumable,
        parent=None if row.parent_id is None else JobId(row.parent_id),
        # Older rows do not say; what is not made from words alone had an upload then.
        is_modified=row.command != "imagine" if row.is_modified is None else row.is_modified,
        claim=row.claim,
    )
