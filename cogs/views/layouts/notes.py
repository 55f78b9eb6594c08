"""The small print of a waiting message: what holds for all jobs, and what for this one."""

from typing import NamedTuple

from bot.domain.jobs.job import JobId
from bot.domain.jobs.operations import GuildPause
from bot.services.members.wishes import Wishes
from bot.services.queue import Queue
from bot.services.quotas import Quotas
from cogs.views.layouts.charge_texts import charge_text
from cogs.views.layouts.default_texts import passed_over_text


class Notes(NamedTuple):
    """Who knows what there is to say."""

    queue: Queue
    quotas: Quotas
    wishes: Wishes

    async def of_all(self) -> str:
        """Return why no job starts, "" while jobs do."""
        return await self.queue.pause_note()

    def of_guild(self, pause: GuildPause) -> str:
        """Return why no job of a server starts while its moderators pause it."""
        return self.queue.guild_pause_note(pause)

    def of_job(self, job_id: JobId) -> str:
        """Return which defaults a job does without, and what it uses; a line for each."""
        passed_over = passed_over_text(self.wishes.passed_over(job_id))
        return "\n".join(filter(None, (passed_over, charge_text(self.quotas.charge(job_id)))))
