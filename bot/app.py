"""The composition root: opens every part, hands it to those who need it, closes in reverse."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import structlog

from bot.client import Client, redirect
from bot.config import Settings, SettingsError
from bot.delivery import Delivery
from bot.domain.engines import Catalogue
from bot.domain.errors import ProviderError
from bot.domain.ports import Clock, Fetch, Intake, Provider
from bot.imaging.fence import Fence
from bot.providers.aiart import Aiart
from bot.providers.local import Local
from bot.providers.results import Results
from bot.providers.tencent import Credentials, TencentApi
from bot.providers.vod import Vod
from bot.services.jobs import Jobs
from bot.services.own_jobs import OwnJobs
from bot.services.queue import Queue
from bot.services.quotas import Quotas
from bot.services.settings import GuildSettings
from bot.services.standings import LineStandings
from bot.worker.finisher import Finisher
from bot.worker.loop import Worker
from bot.worker.pruner import Keep, Pruner
from bot.worker.runner import Runner
from bot.worker.waiting import WaitingBoard
from cogs.cancel import Cancel
from cogs.imagine import Imagine
from cogs.jobs import MyJobs
from cogs.queue import QueueCommands
from cogs.quota import QuotaCommands
from cogs.restyle import Restyle
from cogs.result import Result
from cogs.settings import SettingsCommands
from storage import Storage, open_storage

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """The running parts that commands and tests look at."""

    client: Client
    storage: Storage
    catalogue: Catalogue
    jobs: Jobs
    worker: Worker


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the services and the worker are made of."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue
    providers: dict[str, Provider]
    delivery: Delivery
    standings: LineStandings
    now: Clock


async def run(
    settings: Settings, stop: asyncio.Event, *, now: Clock, with_worker: bool = True
) -> None:
    """Run the bot until `stop` is set; raises discord.LoginFailure for a wrong token."""
    async with running(settings, stop, now=now, with_worker=with_worker):
        await stop.wait()


@asynccontextmanager
async def running(
    settings: Settings, stop: asyncio.Event, *, now: Clock, with_worker: bool = True
) -> AsyncIterator[App]:
    """Log in, work in the background, and on leaving drain and log out."""
    token = settings.variables.DISCORD_TOKEN
    if token is None:
        raise SettingsError("DISCORD_TOKEN: not set")
    async with open_app(settings, now=now) as app:
        await app.client.login(token.get_secret_value())
        if settings.variables.EASEL_DISCORD_API:
            await app.client.find_gateway()
        async with asyncio.TaskGroup() as group:
            group.create_task(app.client.connect(), name="gateway")
            work = group.create_task(app.worker.run(stop), name="worker") if with_worker else None
            try:
                yield app
            finally:
                # Drained before the log-out: what is being delivered still needs the client.
                stop.set()
                if work is not None:
                    await asyncio.wait({work})
                await app.client.close()


@asynccontextmanager
async def open_app(settings: Settings, *, now: Clock) -> AsyncIterator[App]:
    """Open storage, providers and the client, logged out; everything is closed on leaving."""
    variables = settings.variables
    if variables.EASEL_DISCORD_API:
        redirect(variables.EASEL_DISCORD_API)
    url = variables.DATABASE_URL.get_secret_value()
    async with (
        open_storage(url, variables.EASEL_DATA_DIR, now=now) as storage,
        storage.claiming(),
        Fence() as fence,
        httpx.AsyncClient() as http,
        Client(access=settings.access, settings=storage.settings, shards=settings.shards) as client,
    ):
        providers = open_providers(settings, http, now=now)
        catalogue = Catalogue(settings.engines(), providers=providers)
        delivery = Delivery(client, posts=storage.jobs, now=now)
        await storage.packages.keep(settings.packages)
        quotas = Quotas(store=storage.quotas, ceilings=settings.ceilings, now=now)
        queue = Queue(store=storage.operations, limits=settings.run_limits, now=now)
        standings = LineStandings(
            store=storage.jobs,
            limits=settings.run_limits,
            now=now,
            note=queue.pause_note,
            job_note=quotas.note,
        )
        parts = _Parts(
            settings=settings,
            storage=storage,
            catalogue=catalogue,
            providers=providers,
            delivery=delivery,
            standings=standings,
            now=now,
        )
        endpoints = (variables.EASEL_AIART_ENDPOINT, variables.EASEL_VOD_ENDPOINT)
        worker = _worker(parts, Results(http, endpoints=endpoints).fetch)
        jobs = _jobs(parts, quotas, fence, worker.ring)
        guild_settings = GuildSettings(store=storage.quotas)
        own_jobs = _own_jobs(parts, worker.ring)
        mine = (Cancel(own_jobs), MyJobs(own_jobs), Result(own_jobs))
        await client.add_cogs((Imagine(jobs), Restyle(jobs), QueueCommands(queue), *mine))
        await client.add_cogs((QuotaCommands(quotas), SettingsCommands(guild_settings)))
        yield App(client, storage, catalogue, jobs, worker)


def open_providers(
    settings: Settings, http: httpx.AsyncClient, *, now: Clock
) -> dict[str, Provider]:
    """Return the usable providers by name; without keys only `local`, which needs no cloud."""
    variables = settings.variables
    if settings.tencent_keys is None:
        return {"local": Local()}
    api = TencentApi(http, Credentials(*settings.tencent_keys), now=now)
    providers: dict[str, Provider] = {
        "aiart": Aiart(
            api,
            endpoint=variables.EASEL_AIART_ENDPOINT,
            region=variables.EASEL_AIART_REGION,
        )
    }
    if variables.EASEL_VOD_SUB_APP_ID is not None:
        providers["vod"] = Vod(
            api,
            endpoint=variables.EASEL_VOD_ENDPOINT,
            sub_app_id=variables.EASEL_VOD_SUB_APP_ID,
            requests_per_second=settings.pools["vod"].requests_per_second,
        )
    return providers


def _jobs(parts: _Parts, quotas: Quotas, intake: Intake, ring: Callable[[], None]) -> Jobs:
    return Jobs(
        store=parts.storage.jobs,
        blobs=parts.storage.blobs,
        intake=intake,
        deliverer=parts.delivery,
        standings=parts.standings,
        quotas=quotas,
        catalogue=parts.catalogue,
        providers=parts.providers,
        limits=parts.settings.run_limits,
        ring=ring,
        now=parts.now,
    )


def _own_jobs(parts: _Parts, ring: Callable[[], None]) -> OwnJobs:
    return OwnJobs(
        store=parts.storage.jobs,
        blobs=parts.storage.blobs,
        catalogue=parts.catalogue,
        standings=parts.standings,
        producer=parts.settings.file.label.producer or "Easel",
        ring=ring,
        now=parts.now,
    )


def _worker(parts: _Parts, fetch: Fetch) -> Worker:
    settings, storage, now = parts.settings, parts.storage, parts.now
    runner = Runner(
        store=storage.jobs,
        blobs=storage.blobs,
        catalogue=parts.catalogue,
        providers=parts.providers,
        alert=_alert,
        now=now,
        retry_unknown=settings.file.limits.retry_unknown,
    )
    finisher = Finisher(
        store=storage.jobs,
        blobs=storage.blobs,
        deliverer=parts.delivery,
        catalogue=parts.catalogue,
        fetch=fetch,
        producer=settings.file.label.producer or "Easel",
        now=now,
    )
    retention = settings.file.retention
    pruner = Pruner(
        store=storage.retention,
        blobs=storage.blobs,
        keep=Keep(pictures_s=retention.pictures, words_s=retention.prompts),
        now=now,
    )
    board = WaitingBoard(
        store=storage.jobs,
        standings=parts.standings,
        deliverer=parts.delivery,
        pools=tuple(settings.run_limits.pools),
        now=now,
    )
    return Worker(
        store=storage.jobs,
        board=board,
        runner=runner,
        finisher=finisher,
        pruner=pruner,
        retry_unknown=settings.file.limits.retry_unknown,
        limits=settings.run_limits,
        now=now,
    )


def _alert(error: ProviderError) -> None:
    _log.error("operator_needed", code=error.code, detail=error.detail, request=error.request_id)
