"""The commands: one cog for each file of them, and the services that members ask through them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.charts.process import ChartProcess
from bot.chat.client import Cog
from bot.chat.posting.approvals import ApprovalMessagesByRest
from bot.imaging.labels.visible.font import FONT_FILE
from bot.moderation_parts import (
    approvals_of,
    blocks_of,
    departures_of,
    guild_pauses_of,
    holds_of,
    settings_editor_of,
    word_lists_of,
)
from bot.parts import Parts
from bot.ports.pictures import Intake
from bot.services.follow_ups.deleting import Deletions
from bot.services.jobs import Jobs
from bot.services.members.first_uploads import FirstUploads
from bot.services.members.remixing import Remixing
from bot.services.moderation.approvals import Approvals
from bot.services.moderation.audit import AuditReading
from bot.services.moderation.departures import Departures
from bot.services.own_jobs import OwnJobs
from bot.services.permutations import Permutations
from bot.services.personal.erasing import Erasing
from bot.services.personal.exporting import Exports
from bot.services.provenance.checking import Provenance
from bot.services.styles.sheets import StyleSheets
from bot.services.uploads import Uploads
from bot.services.usage.reports import UsageReports
from cogs.making.blend import Blend
from cogs.making.checking.commands import ProvenanceCommands
from cogs.making.follow_ups.again import Again
from cogs.making.follow_ups.deleting import Delete
from cogs.making.follow_ups.edit import Edit
from cogs.making.follow_ups.working import FollowUps
from cogs.making.imagine import Imagine
from cogs.making.permutations import PermutationAnswers
from cogs.making.restyle import Restyle
from cogs.making.restyle_menu import RestyleMenu
from cogs.making.tool import Tool
from cogs.mine.cancel import Cancel
from cogs.mine.defaults import DefaultsCommand
from cogs.mine.jobs import MyJobs
from cogs.mine.privacy import Privacy
from cogs.mine.prompt import Prompt
from cogs.mine.result import Result
from cogs.mine.styles import Styles
from cogs.mine.usage import UsageCommands
from cogs.moderating.acts.audit import Audit
from cogs.moderating.approving.commands import ApprovalCommands
from cogs.moderating.blocks.block import BlockCommands
from cogs.moderating.queue import QueueCommands
from cogs.moderating.quota import QuotaCommands
from cogs.moderating.reports import ReportCommands
from cogs.moderating.settings import SettingsCommands


@dataclass(frozen=True, slots=True)
class Services:
    """What several commands ask, or what works beside them too."""

    jobs: Jobs
    permutations: Permutations
    own_jobs: OwnJobs
    erasing: Erasing
    approvals: Approvals
    departures: Departures
    provenance: Provenance


def services_of(
    parts: Parts, intake: Intake, ring: Callable[[], None], questions: ApprovalMessagesByRest
) -> Services:
    """Return what commands ask; `ring` wakes the worker, `questions` go to moderators."""
    approvals = approvals_of(parts, ring, questions)

    def accepted() -> None:
        ring()
        approvals.ring()

    jobs = jobs_of(parts, intake, accepted)
    return Services(
        jobs=jobs,
        permutations=permutations_of(parts, jobs, accepted),
        own_jobs=own_jobs_of(parts, ring),
        erasing=erasing_of(parts, ring),
        approvals=approvals,
        departures=departures_of(parts, ring),
        provenance=_provenance_of(parts, intake),
    )


def commands_of(parts: Parts, services: Services) -> tuple[Cog, ...]:
    """Return one cog for each file of what members ask for, with the services it asks."""
    storage, jobs, own_jobs = parts.storage, services.jobs, services.own_jobs
    deletions = Deletions(
        store=storage.jobs,
        blobs=storage.blobs,
        deliverer=parts.delivery,
        moderators=parts.moderators,
        now=parts.now,
    )
    remixing = _remixing_of(parts)
    exports = Exports(data=storage.personal, blobs=storage.blobs, own_jobs=own_jobs)
    return (
        Imagine(jobs, services.permutations),
        PermutationAnswers(services.permutations),
        Restyle(jobs),
        RestyleMenu(jobs, parts.results, remixing),
        Blend(jobs),
        Tool(jobs),
        Again(jobs, parts.results),
        Edit(jobs, parts.results),
        FollowUps(jobs, parts.results),
        Delete(deletions),
        Cancel(own_jobs),
        MyJobs(own_jobs),
        Styles(jobs, StyleSheets(settings=storage.settings, blobs=storage.blobs)),
        DefaultsCommand(parts.wishes.defaults, parts.wishes.presets, parts.catalogue),
        Result(own_jobs, parts.results, deletions),
        Prompt(own_jobs),
        ProvenanceCommands(services.provenance),
        Privacy(remixing, exports, services.erasing, parts.settings.file.retention.kept),
        UsageCommands(_usage_of(parts), parts.moderators),
        QuotaCommands(parts.quotas),
        ReportCommands(parts.reports),
        ApprovalCommands(services.approvals),
    )


def moderating_of(parts: Parts, ring: Callable[[], None]) -> tuple[Cog, ...]:
    """Return one cog for each file of what moderators alone ask for; `ring` wakes the worker."""
    moderators = parts.moderators
    return (
        Audit(AuditReading(parts.storage.audit), moderators),
        QueueCommands(parts.queue, holds_of(parts, ring), guild_pauses_of(parts, ring), moderators),
        SettingsCommands(settings_editor_of(parts), parts.wishes.presets, word_lists_of(parts)),
        BlockCommands(blocks_of(parts, ring), moderators),
    )


def _usage_of(parts: Parts) -> UsageReports:
    """Return what sums up what was used, and draws it."""
    folder = parts.settings.variables.EASEL_DATA_DIR / "charts"
    return UsageReports(
        sums=parts.storage.usage_sums,
        settings=parts.storage.guild_settings,
        catalogue=parts.catalogue,
        draw=ChartProcess(folder, FONT_FILE).draw,
        now=parts.now,
    )


def erasing_of(parts: Parts, ring: Callable[[], None]) -> Erasing:
    """Return what erases members; `ring` wakes the worker."""
    storage = parts.storage
    return Erasing(
        data=storage.personal,
        jobs=storage.jobs,
        retention=storage.retention,
        blobs=storage.blobs,
        deliverer=parts.delivery,
        alias_of=parts.alias_of,
        ring=ring,
        now=parts.now,
    )


def jobs_of(parts: Parts, intake: Intake, ring: Callable[[], None]) -> Jobs:
    """Return what members ask of jobs; `ring` wakes the worker."""
    return Jobs(
        store=parts.storage.jobs,
        uploads=Uploads(intake=intake, blobs=parts.storage.blobs, now=parts.now),
        deliverer=parts.delivery,
        standings=parts.standings,
        quotas=parts.quotas,
        gate=parts.gate,
        notices=parts.notices,
        first_uploads=FirstUploads(
            store=parts.storage.member_settings,
            kept_s=parts.settings.file.retention.pictures,
        ),
        wishes=parts.wishes,
        catalogue=parts.catalogue,
        providers=parts.providers,
        limits=parts.settings.run_limits,
        ring=ring,
        now=parts.now,
    )


def permutations_of(parts: Parts, jobs: Jobs, ring: Callable[[], None]) -> Permutations:
    """Return what makes several jobs of one prompt; `ring` wakes the worker."""
    return Permutations(
        jobs=jobs,
        pending=parts.storage.pending_requests,
        batches=parts.storage.jobs,
        standings=parts.standings,
        quotas=parts.quotas,
        notices=parts.notices,
        providers=parts.providers,
        limits=parts.settings.run_limits,
        ring=ring,
        now=parts.now,
    )


def own_jobs_of(parts: Parts, ring: Callable[[], None]) -> OwnJobs:
    """Return what people ask of jobs that exist; `ring` wakes the worker."""
    return OwnJobs(
        store=parts.storage.jobs,
        guilds=parts.storage.guild_settings,
        blobs=parts.storage.blobs,
        catalogue=parts.catalogue,
        standings=parts.standings,
        deliverer=parts.delivery,
        moderators=parts.moderators,
        finishing=parts.finishing,
        ring=ring,
        now=parts.now,
    )


def _remixing_of(parts: Parts) -> Remixing:
    """Return what knows whose pictures may be restyled."""
    store = parts.storage
    return Remixing(members=store.member_settings, guilds=store.guild_settings, jobs=store.jobs)


def _provenance_of(parts: Parts, intake: Intake) -> Provenance:
    """Return what tells where pictures come from."""
    return Provenance(
        intake=intake,
        prints=parts.storage.fingerprints,
        jobs=parts.storage.jobs,
        moderators=parts.moderators,
        now=parts.now,
    )
