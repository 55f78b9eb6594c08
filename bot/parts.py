"""How each part gets what it needs: the storage, the settings, and the parts below it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

import httpx

from bot.chat.client import Client
from bot.chat.posting.delivery import Delivery
from bot.chat.posting.log_channels import LogChannels
from bot.chat.posting.operator import OperatorMessages
from bot.chat.posting.owner_notices import OwnerMessages
from bot.cloud import open_probe, open_providers
from bot.domain.engines.account import CloudAccount
from bot.domain.engines.catalogue import Catalogue
from bot.domain.jobs.progress import Progress
from bot.domain.personal import aliases
from bot.domain.personal.aliases import AliasOf
from bot.imaging.credentials.signing import Signer
from bot.imaging.finishing import Finishing
from bot.imaging.watermarks.watermark import Watermark
from bot.ports.clock import Clock
from bot.ports.provider import Provider
from bot.providers.probe import Probe
from bot.services.engines import Engines, Tell
from bot.services.follow_ups.results import Results
from bot.services.members.defaults import DefaultOptions
from bot.services.members.moderators import Moderators
from bot.services.members.presets import Presets
from bot.services.members.reports import Reports
from bot.services.members.wishes import Wishes
from bot.services.moderation.gate import Gate
from bot.services.moderation.log_lines import LogLines
from bot.services.moderation.owner_notices import OwnerNotices
from bot.services.moderation.word_hits import WordHits
from bot.services.notices import Notices
from bot.services.packages import Packages
from bot.services.queue import Queue
from bot.services.quotas import Quotas
from bot.services.standings import LineStandings
from bot.settings.config import Settings
from bot.watch.logs import Mask
from cogs.views.layouts.notes import Notes
from storage import Storage
from storage.erasure_key import checked_key

RereadSettings = Callable[[], Settings]
"""Reads the settings anew."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the composition root has open."""

    client: Client
    storage: Storage
    http: httpx.AsyncClient
    finishing: Finishing


@dataclass(frozen=True, slots=True)
class Parts:
    """What services, worker and commands are made of; some are services themselves."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue
    providers: dict[str, Provider]
    results: Results
    delivery: Delivery
    standings: LineStandings
    moderators: Moderators
    wishes: Wishes
    gate: Gate
    reports: Reports
    engines: Engines
    packages: Packages
    notices: Notices
    log_lines: LogLines
    owners: OwnerNotices
    queue: Queue
    quotas: Quotas
    alias_of: AliasOf
    progress: Progress
    finishing: Finishing
    now: Clock


async def parts_of(
    settings: Settings, opened: Opened, *, now: Clock, reread: RereadSettings | None
) -> Parts:
    """Put the parts together that services, worker and commands are made of."""
    storage, mask = opened.storage, Mask(settings.secrets)
    providers, probe = _cloud_of(settings, opened, now, _anew(reread, mask))
    catalogue = settings.catalogue(providers)
    operator, log_channels = OperatorMessages(opened.client, mask), LogChannels(opened.client)
    owners = OwnerNotices(store=storage.owner_notices, tell=OwnerMessages(opened.client).tell)
    results = Results(store=storage.jobs, blobs=storage.blobs, catalogue=catalogue)
    alias_of = await _alias_of(settings, storage)
    quotas = Quotas(store=storage.quotas, ceilings=settings.ceilings, alias_of=alias_of, now=now)
    queue, progress = _queue_of(settings, storage, now), Progress()
    wishes = _wishes_of(storage, catalogue, now)
    return Parts(
        settings=settings,
        storage=storage,
        catalogue=catalogue,
        providers=providers,
        results=results,
        delivery=Delivery(opened.client, posts=storage.jobs, offers=results.offers, now=now),
        standings=_standings_of(
            settings, storage, notes=Notes(queue, quotas, wishes), progress=progress, now=now
        ),
        moderators=Moderators(storage.guild_settings),
        wishes=wishes,
        gate=_gate_of(storage, alias_of, now),
        reports=_reports_of(storage, log_channels, now),
        engines=await _engines_of(storage, catalogue, operator.tell, probe, now),
        packages=await _packages_of(settings, storage, operator, now),
        notices=_notices_of(storage, log_channels, operator),
        log_lines=_log_lines_of(storage, log_channels, owners, now),
        owners=owners,
        queue=queue,
        quotas=quotas,
        alias_of=alias_of,
        progress=progress,
        finishing=opened.finishing,
        now=now,
    )


def _cloud_of(
    settings: Settings, opened: Opened, now: Clock, reread: Callable[[], CloudAccount] | None
) -> tuple[dict[str, Provider], Probe | None]:
    """Return the usable providers, and what asks their APIs for nothing."""
    account, http, limits = settings.account, opened.http, opened.storage.rate_limits
    providers = open_providers(account, http, now=now, rate_limits=limits, reread=reread)
    return providers, open_probe(account, http, now=now, reread=reread)


def _gate_of(storage: Storage, alias_of: AliasOf, now: Clock) -> Gate:
    """Return what decides who may ask; what its word lists refuse is a line of the log channel."""
    hits = WordHits(storage.log_lines, now)
    return Gate(store=storage.policies, alias_of=alias_of, hits=hits, now=now)


async def _alias_of(settings: Settings, storage: Storage) -> AliasOf:
    """Return what names erased members, under the key of this database; ErasureKeyUnusable."""
    variables = settings.variables
    key = await checked_key(variables.erasure_key, variables.EASEL_DATA_DIR, storage.settings)
    return partial(aliases.alias_of, key)


def _anew(reread: RereadSettings | None, mask: Mask) -> Callable[[], CloudAccount] | None:
    """Return what reads the account anew, after which the mask knows the new secrets."""
    if reread is None:
        return None

    def read() -> CloudAccount:
        settings = reread()
        mask.learn(settings.secrets)
        return settings.account

    return read


async def _packages_of(
    settings: Settings, storage: Storage, operator: OperatorMessages, now: Clock
) -> Packages:
    """Take the settings' packages over, and return what tells of their ends."""
    await storage.packages.keep(settings.packages)
    return Packages(store=storage.packages, write=operator.write_package, now=now)


@asynccontextmanager
async def finishing_of(
    settings: Settings, storage: Storage, *, now: Clock
) -> AsyncIterator[Finishing]:
    """Open how results are finished; raises SettingsError where they cannot be signed or marked."""
    signer, mark = signer_of(settings, now), settings.file.label.watermark
    with Watermark(mark) if mark else nullcontext() as watermark:
        yield Finishing(settings.label_rules, storage.fingerprints, signer, watermark)


def signer_of(settings: Settings, now: Clock) -> Signer | None:
    """Return who signs results, None for nobody; raises SettingsError where nothing can be."""
    files, timestamp = settings.variables.credential_files, settings.file.label.timestamp
    if files is None:
        return None
    return Signer(files, timestamp=timestamp, now=now, monotonic=time.monotonic)


def client_of(settings: Settings, storage: Storage) -> Client:
    """Return the Discord client, logged out."""
    return Client(
        access=settings.access,
        settings=storage.settings,
        operator=settings.operator,
        shards=settings.shards,
    )


def _queue_of(settings: Settings, storage: Storage, now: Clock) -> Queue:
    """Return the queue as moderators see it."""
    return Queue(
        store=storage.operations,
        jobs=storage.jobs,
        limits=settings.run_limits,
        operator=settings.operator,
        now=now,
    )


def _notices_of(storage: Storage, log_channels: LogChannels, operator: OperatorMessages) -> Notices:
    """Return what tells of budgets that come near their end."""
    return Notices(
        settings=storage.guild_settings,
        warnings=storage.warnings,
        post=log_channels.post_budget,
        write=operator.write_budget,
    )


def _wishes_of(storage: Storage, catalogue: Catalogue, now: Clock) -> Wishes:
    """Return what completes requests with what is set for members and servers."""
    presets = Presets(store=storage.presets, catalogue=catalogue, now=now)
    defaults = DefaultOptions(
        store=storage.member_settings,
        guilds=storage.guild_settings,
        presets=presets,
        catalogue=catalogue,
        now=now,
    )
    return Wishes(presets=presets, defaults=defaults, catalogue=catalogue)


def _log_lines_of(
    storage: Storage, log_channels: LogChannels, owners: OwnerNotices, now: Clock
) -> LogLines:
    """Return what brings lines to log channels."""
    return LogLines(
        store=storage.log_lines,
        post=log_channels.post_lines,
        edit=log_channels.edit_lines,
        owners=owners,
        now=now,
    )


def _reports_of(storage: Storage, log_channels: LogChannels, now: Clock) -> Reports:
    """Return what tells moderators of what members report."""
    return Reports(
        store=storage.reports,
        jobs=storage.jobs,
        settings=storage.guild_settings,
        post=log_channels.post_report,
        now=now,
    )


async def _engines_of(
    storage: Storage, catalogue: Catalogue, tell: Tell, probe: Probe | None, now: Clock
) -> Engines:
    """Return what suspends engines, at the state that is kept."""
    engines = Engines(
        store=storage.engine_states,
        jobs=storage.jobs,
        catalogue=catalogue,
        tell=tell,
        now=now,
        ask=probe.ask if probe else None,
    )
    await engines.look()
    return engines


def _standings_of(
    settings: Settings,
    storage: Storage,
    *,
    notes: Notes,
    progress: Progress,
    now: Clock,
) -> LineStandings:
    """Return what knows where jobs stand."""
    return LineStandings(
        store=storage.jobs,
        limits=settings.run_limits,
        now=now,
        note=notes.of_all,
        guild_note=notes.of_guild,
        job_note=notes.of_job,
        progress=progress,
    )
