"""What the demo's bot keeps, read beside it: its queue, ledger and quotas, and what is counted."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from bot.cli.demo.counter import JobRow, count
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import job_id_of
from bot.domain.jobs.line import Line, Waiting, places
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Asker
from bot.domain.storage_errors import StorageFault
from bot.ports.clock import Clock
from bot.sandbox.discord.visitor import waits
from bot.sandbox.discord.world.world import Message
from bot.services.quotas import Quotas
from bot.services.usage.objects import usage_objects
from bot.settings.config import Settings, read_settings
from bot.watch.logs import Mask
from storage import Storage, open_storage
from storage.database.tables import jobs

_LEDGER_SHOWN: Final = 200
_FOREVER_S: Final = 10 * 365 * 86_400.0
_OF_A_MEMBER: Final = {
    LimitKind.MEMBER,
    LimitKind.ROLE,
    LimitKind.EVERYONE,
    LimitKind.USER_CEILING,
}
_EMPTY: Final[dict[str, Any]] = {"pools": [], "ledger": [], "quotas": []}


class Kept:
    """Reads the child's database, which it never changes; `log` are the child's lines."""

    def __init__(
        self,
        stand_ins: StandIns,
        variables: Mapping[str, str],
        folder: Path,
        log: Sequence[dict[str, Any]],
        now: Clock,
    ) -> None:
        self._stand_ins = stand_ins
        self._settings: Settings = read_settings(dict(variables), folder=folder)
        self._mask = Mask(self._settings.secrets)
        self._log = log
        self._now = now
        self._opened = AsyncExitStack()
        self._storage: Storage | None = None
        self._turn = asyncio.Lock()
        self._is_closed = False

    async def aclose(self) -> None:
        """Close the database, once nobody reads it; it is not opened again."""
        async with self._turn:
            self._is_closed = True
            self._storage = None
            await self._opened.aclose()

    def masked(self, text: str) -> str:
        """Return a text without the bot's secrets."""
        return self._mask(text)

    async def read(self) -> dict[str, Any]:
        """Return the clock, counter, pools, ledger, quotas and log; empty before a database is.

        Raises LookupError once it is closed: without the jobs every payment would count as lost.
        """
        async with self._turn:
            if self._is_closed:
                raise LookupError("The demo is stopping.")
            return await self._read() | {"now": self._now()}

    async def _read(self) -> dict[str, Any]:
        log = list(reversed(self._log))
        waiting = self._waiting()
        storage = await self._reading()
        if storage is None:
            return {"counter": count([], self._stand_ins, waiting), **_EMPTY, "log": log}
        rows = await self._jobs(storage)
        still = waiting & self._waiting()
        usage = await usage_objects(storage.usage, now=self._now(), span_s=_FOREVER_S)
        cost = sum(row["cost_usd"] for row in usage)
        return {
            "counter": {**count(rows, self._stand_ins, still), "cost_usd": round(cost, 4)},
            "pools": [
                await self._pool(storage, pool, {row.id: row for row in rows})
                for pool in sorted({"vod", "aiart", *(row.pool for row in rows)})
            ],
            "ledger": usage[::-1][:_LEDGER_SHOWN],
            "quotas": await self._quotas(storage),
            "log": log,
        }

    def _waiting(self) -> set[str]:
        """Return the interactions whose message says that a job of theirs is not over."""
        world = self._stand_ins.discord.world
        return {
            message.interaction["id"]
            for channel in list(world.channels.values())
            for message in world.messages(channel)
            if message.interaction and _says_it_waits(message, message.interaction["id"])
        }

    async def _reading(self) -> Storage | None:
        if self._storage is None:
            url, folder = self._settings.database_url, self._settings.variables.EASEL_DATA_DIR
            with contextlib.suppress(StorageFault):
                self._storage = await self._opened.enter_async_context(
                    open_storage(url, folder, readonly=True)
                )
        return self._storage

    @staticmethod
    async def _jobs(storage: Storage) -> list[JobRow]:
        columns = [jobs.c[name] for name in JobRow.__dataclass_fields__]
        async with storage.engine.connect() as conn:
            rows = await conn.execute(select(*columns).order_by(jobs.c.created_at, jobs.c.id))
            return [JobRow(**row) for row in rows.mappings()]

    async def _pool(self, storage: Storage, pool: str, rows: dict[str, JobRow]) -> dict[str, Any]:
        line = await storage.jobs.line(pool)
        limits = self._settings.run_limits
        slots = limits.pools.get(pool, 1)
        order = places(line, slots, limits)
        turns = sorted(
            (job for job in line.jobs if not job.is_running and job.id in rows),
            key=lambda job: (
                order[job.id].ahead if line.may_start(job) and job.id in order else len(order)
            ),
        )
        return {
            "name": pool,
            "slots": slots,
            "running": [
                _shown(rows[job.id]) | {"engine": job.engine, "since": job.started_at}
                for job in line.jobs
                if job.is_running and job.id in rows
            ],
            "waiting": [
                _shown(rows[job.id])
                | {
                    "place": number if job.held_for is None else None,
                    "held_for": job.held_for,
                    "vtime": line.vtimes.get((job.lane, job.user_id), 0.0),
                    "waited_s": max(self._now() - rows[job.id].created_at, 0.0),
                }
                for number, job in enumerate(turns, start=1)
            ],
            "lanes": _lanes(line),
        }

    async def _quotas(self, storage: Storage) -> list[dict[str, Any]]:
        ceilings = self._settings.ceilings
        # Nobody was erased whose quotas are shown: these are members by their own ids.
        quotas = Quotas(
            store=storage.quotas, ceilings=ceilings, alias_of=lambda user_id: user_id, now=self._now
        )
        home = self._stand_ins.guild
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for member in home.members.values():
            if member.user.bot:
                continue
            roles = frozenset(int(role.id) for role in member.roles)
            account = await quotas.account(Asker(int(home.id), int(member.id), roles))
            for use in account.uses:
                kind = use.window.kind
                is_own = kind in _OF_A_MEMBER
                who = member.user.name if is_own else kind.value
                found[kind, who, use.window.period] = {
                    "guild": home.name,
                    "who": who,
                    "kind": kind.value,
                    "period": use.window.period,
                    "used": round(use.used, 4),
                    "limit": use.window.limit,
                }
        return list(found.values())


def _says_it_waits(message: Message, interaction_id: str) -> bool:
    """Whether a message can cancel the job that it answers for; a list can others', too."""
    if message.loading or not waits(message):
        return False
    own = job_id_of(int(interaction_id))
    return any(own in (button.custom_id or "") for button in message.buttons)


def _shown(row: JobRow) -> dict[str, Any]:
    return {
        "job": row.id,
        "user": str(row.user_id),
        "guild": None if row.guild_id is None else str(row.guild_id),
        "command": row.command,
        "prompt": row.prompt or "",
    }


def _lanes(line: Line) -> list[dict[str, Any]]:
    """Return the guilds and members with their virtual times; a guild's own row has no user."""
    return [
        {
            "guild": str(lane),
            "user": str(user) if user else None,
            "vtime": vtime,
            "running": sum(job.is_running for job in line.jobs if _is_in(job, lane, user)),
            "waiting": sum(_is_in_turn(job) for job in line.jobs if _is_in(job, lane, user)),
        }
        for (lane, user), vtime in sorted(line.vtimes.items())
        if lane
    ]


def _is_in_turn(job: Waiting) -> bool:
    return not job.is_running and job.held_for is None


def _is_in(job: Any, lane: int, user: int) -> bool:
    return job.lane == lane and user in (0, job.user_id)
