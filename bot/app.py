"""The composition root: opens every part, hands it to those who need it, closes in reverse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx

from bot.chat.announcement import Announcement
from bot.chat.client import Client, redirect
from bot.chat.departures import DepartureListener
from bot.chat.posting.approvals import ApprovalMessagesByRest
from bot.chat.session import connected, log_in, unless_stopped
from bot.commands import commands_of, moderating_of, services_of
from bot.domain.engines.catalogue import Catalogue
from bot.domain.operator_errors import SettingsError
from bot.imaging.uploads.fence import Fence
from bot.parts import (
    Opened,
    RereadSettings,
    client_of,
    finishing_of,
    parts_of,
)
from bot.ports.clock import Clock
from bot.providers.tencent.results import Results
from bot.services.engines import Engines
from bot.services.jobs import Jobs
from bot.services.moderation.audit import keep_append_only
from bot.settings.config import Settings
from bot.watch.memory import leave_out_of_collections
from bot.worker.loop import Worker
from bot.worker_parts import worker_of
from storage import Storage, described, open_storage


class Beside(Protocol):
    """What looks after something beside the work, until it is cancelled."""

    async def run(self) -> None:
        """Look, again and again."""


@dataclass(frozen=True, slots=True)
class App:
    """The running parts that commands and tests look at."""

    client: Client
    storage: Storage
    catalogue: Catalogue
    jobs: Jobs
    engines: Engines
    beside: tuple[Beside, ...]
    worker: Worker


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    now: Clock,
    with_worker: bool = True,
    reread: RereadSettings | None = None,
) -> None:
    """Run the bot until `stop` is set, or one of its parts breaks; raises what `running` does."""
    async with running(settings, stop, now=now, with_worker=with_worker, reread=reread):
        leave_out_of_collections()
        await stop.wait()


@asynccontextmanager
async def running(
    settings: Settings,
    stop: asyncio.Event,
    *,
    now: Clock,
    with_worker: bool = True,
    reread: RereadSettings | None = None,
) -> AsyncIterator[App]:
    """Log in, work in the background, and on leaving drain and log out.

    A part that breaks sets `stop`, which whoever holds this open has to watch; what broke is raised
    on leaving: SettingsError for a token that Discord does not take, GatewayEnded, StorageFault.
    `reread` reads the settings anew when the cloud refuses its key.
    """
    token = settings.variables.DISCORD_TOKEN
    if token is None:
        raise SettingsError("DISCORD_TOKEN: not set")
    opened = open_app(settings, now=now, reread=reread, is_claiming=with_worker)
    async with opened as app:
        logging_in = log_in(app.client, token.get_secret_value(), now=now)
        if not await unless_stopped(stop, logging_in):
            yield app
            return
        work = app.worker.run(stop) if with_worker else None
        beside = [each.run() for each in app.beside]
        async with connected(app.client, stop, beside=beside, work=work):
            yield app


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    now: Clock,
    reread: RereadSettings | None = None,
    is_claiming: bool = True,
) -> AsyncIterator[App]:
    """Open storage, providers and the client, logged out; everything is closed on leaving.

    `is_claiming`: this process works on jobs, which on SQLite one process at a time may.
    """
    variables = settings.variables
    if variables.EASEL_DISCORD_API:
        redirect(variables.EASEL_DISCORD_API)
    async with (
        open_storage(settings.database_url, variables.EASEL_DATA_DIR) as storage,
        storage.serving(is_claiming=is_claiming),
        Fence() as fence,
        httpx.AsyncClient() as http,
        client_of(settings, storage) as client,
        finishing_of(settings, storage, now=now) as finishing,
    ):
        await keep_append_only(storage.audit)
        opened = Opened(client, storage, http, finishing)
        parts = await parts_of(settings, opened, now=now, reread=reread)
        results = Results(http, endpoints=settings.addresses, hosts=settings.file.results.hosts)
        worker = worker_of(parts, results.fetch)
        services = services_of(parts, fence, worker.ring, ApprovalMessagesByRest(client))
        up = Announcement(
            client, parts.catalogue, described(settings.database_url), is_working=is_claiming
        )
        making = commands_of(parts, services)
        listener = DepartureListener(client, services.departures)
        await client.add_cogs((*making, *moderating_of(parts, worker.ring), listener, up))
        beside = (
            *(parts.engines, parts.packages, parts.reports, parts.log_lines),
            *(services.erasing, services.approvals, services.departures),
        )
        yield App(client, storage, parts.catalogue, services.jobs, parts.engines, beside, worker)
