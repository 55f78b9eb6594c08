"""Who lets others restyle their pictures, asked at the moment of the act."""

from bot.domain.follow_ups.errors import NotYourResult
from bot.domain.jobs.job import Job, JobId
from bot.domain.members.actor import Actor, can_see
from bot.domain.members.remixing import Whose, refusal_to_restyle
from bot.ports.accounts import GuildSettingsStore
from bot.ports.members import MemberSettingsStore
from bot.ports.queue import JobRequests

_KEY = "remix"
_TEXTS = {True: "yes", False: "no", None: None}


class Remixing:
    """Keeps each member's word, and refuses what that and the server's rule do not allow."""

    def __init__(
        self,
        *,
        members: MemberSettingsStore,
        guilds: GuildSettingsStore,
        jobs: JobRequests,
    ) -> None:
        self._members = members
        self._guilds = guilds
        self._jobs = jobs

    async def set_allowed(self, user_id: int, *, allows: bool | None) -> None:
        """Keep whether others may restyle a member's pictures; None takes their word back."""
        await self._members.keep(user_id, _KEY, _TEXTS[allows])

    async def result(self, job_id: JobId, actor: Actor) -> Job:
        """Return a result that somebody sees and may restyle.

        Raises NotYourResult where it is gone or not to be seen there, or why they may not.
        """
        job = await self._jobs.find(job_id)
        if job is None or job.deleted_at is not None or not can_see(job, actor):
            raise NotYourResult
        await self.check(actor, Whose(job.order.destination.user_id, is_result=True))
        return job

    async def check(self, actor: Actor, whose: Whose) -> None:
        """Raise why somebody may not restyle a picture."""
        kept = await self._members.value(whose.owner, _KEY)
        allows = {text: word for word, text in _TEXTS.items()}[kept]
        rule = (await self._guilds.settings(actor.guild_id)).remix
        refused = refusal_to_restyle(actor.user_id, whose, rule, allows=allows)
        if refused is not None:
            raise refused
