"""The commands: one cog for each file of them, with the services it asks."""

from bot.chat.client import Cog
from bot.parts import Parts
from bot.services.follow_ups.deleting import Deletions
from bot.services.guild_settings import GuildSettingsEditor
from bot.services.jobs import Jobs
from bot.services.own_jobs import OwnJobs
from bot.services.permutations import Permutations
from cogs.making.blend import Blend
from cogs.making.follow_ups.again import Again
from cogs.making.follow_ups.deleting import Delete
from cogs.making.follow_ups.edit import Edit
from cogs.making.follow_ups.working import FollowUps
from cogs.making.imagine import Imagine
from cogs.making.permutations import PermutationAnswers
from cogs.making.restyle import Restyle
from cogs.making.tool import Tool
from cogs.mine.cancel import Cancel
from cogs.mine.jobs import MyJobs
from cogs.mine.prompt import Prompt
from cogs.mine.result import Result
from cogs.moderating.queue import QueueCommands
from cogs.moderating.quota import QuotaCommands
from cogs.moderating.settings import SettingsCommands


def commands_of(
    parts: Parts, jobs: Jobs, permutations: Permutations, own_jobs: OwnJobs
) -> tuple[Cog, ...]:
    """Return one cog for each file of commands, with the services it asks."""
    storage = parts.storage
    guild_settings = GuildSettingsEditor(
        store=storage.guild_settings, warnings=storage.warnings, catalogue=parts.catalogue
    )
    deletions = Deletions(
        store=storage.jobs,
        blobs=storage.blobs,
        deliverer=parts.delivery,
        moderators=parts.moderators,
        now=parts.now,
    )
    return (
        Imagine(jobs, permutations),
        PermutationAnswers(permutations),
        Restyle(jobs),
        Blend(jobs),
        Tool(jobs),
        Again(jobs, parts.results),
        Edit(jobs, parts.results),
        FollowUps(jobs, parts.results),
        Delete(deletions),
        Cancel(own_jobs),
        MyJobs(own_jobs),
        Result(own_jobs, parts.results),
        Prompt(own_jobs),
        QueueCommands(parts.queue, parts.moderators),
        QuotaCommands(parts.quotas),
        SettingsCommands(guild_settings),
    )
