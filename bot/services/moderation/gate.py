"""Decides whether a member may ask for pictures here, by what the server's moderators have set.

Asked twice: from memory before the first answer, so that a refusal is seen by its member alone and
nothing comes of it, and once more with the database's word before anything is taken or paid.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain.engines.engine import Engine
from bot.domain.engines.plans import Plan
from bot.domain.guilds.rules import may_use_engine
from bot.domain.members.actor import Actor
from bot.domain.members.wishes import Permit
from bot.domain.moderation.approvals import is_newcomer
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.errors import WordNotAllowed
from bot.domain.moderation.log_lines import WordHit
from bot.domain.moderation.policy import Admitted, GuildPolicy
from bot.domain.moderation.words.word_list import WordList
from bot.domain.personal.aliases import AliasOf
from bot.domain.storage_errors import StorageFault
from bot.ports.clock import Clock
from bot.ports.moderation.policies import PolicyLook, PolicyStore
from bot.services.moderation.word_hits import WordHits

_log = structlog.get_logger(__name__)

LIFE_S = 5.0  # of a policy in memory, where another process changed it
_QUICK_S = 0.4  # a first answer is due in three seconds; the database's word comes in any case
_REMEMBERED = 256  # servers
_LONG_AGO = float("-inf")


def _everything(plan: Plan) -> Plan:
    return plan


@dataclass(frozen=True, slots=True)
class _Read:
    policy: GuildPolicy
    at: float


class Gate:
    """Knows the policies of the servers asked in lately."""

    def __init__(
        self, *, store: PolicyStore, alias_of: AliasOf, hits: WordHits, now: Clock
    ) -> None:
        self._store = store
        self._alias_of = alias_of
        self._hits = hits
        self._now = now
        self._read: OrderedDict[int, _Read] = OrderedDict()
        self._looks: dict[int, asyncio.Task[GuildPolicy]] = {}
        self._changes = 0

    async def check_early(self, asking: Asking, *plans: Plan) -> None:
        """Refuse what memory, or a quick look, can refuse; without an answer in time nothing.

        Raises the NotPossible that says why; with no plans, whether they may ask at all.
        """
        if asking.guild_id is None:
            return
        policy = await self.soon(asking.guild_id)
        if policy is not None:
            await self._decide(policy, asking, plans)

    async def check(self, asking: Asking, *plans: Plan) -> Admitted:
        """Return what the database admits now; raises what `check_early` does."""
        if asking.guild_id is None:
            return Admitted(plans)
        return await self._decide(await self._look(asking.guild_id), asking, plans)

    async def permit(self, actor: Actor) -> Permit:
        """Return what leaves of a plan the engines that somebody may use by the database's word."""
        if actor.guild_id is None:
            return _everything
        return partial((await self._look(actor.guild_id)).permitted, actor)

    async def permit_soon(self, actor: Actor) -> Permit:
        """Return the same from memory, or a quick look; without an answer in time, all is left."""
        policy = None if actor.guild_id is None else await self.soon(actor.guild_id)
        return _everything if policy is None else partial(policy.permitted, actor)

    async def usable(self, engines: Sequence[Engine], actor: Actor) -> list[Engine]:
        """Return which of some engines somebody may use, as far as that is known at once."""
        policy = None if actor.guild_id is None else await self.soon(actor.guild_id)
        if policy is None:
            return list(engines)
        may_use = partial(may_use_engine, policy.settings, actor.role_ids)
        return [engine for engine in engines if may_use(engine.name)]

    async def shows_moderators(self, asking: Asking) -> bool:
        """Tell whether moderators would see what somebody asks for before it is made.

        False where the database does not tell quickly; then it is not accepted without a word.
        """
        if asking.guild_id is None:
            return False
        policy = await self.soon(asking.guild_id)
        return policy is not None and is_newcomer(policy.settings, asking.actor, self._now())

    def expire(self, guild_id: int) -> None:
        """Forget how old a server's policy is: it was changed here, and is looked at next time."""
        self._changes += 1
        self._looks.pop(guild_id, None)  # it may have looked before the change
        read = self._read.get(guild_id)
        if read is not None:
            self._read[guild_id] = _Read(read.policy, _LONG_AGO)

    async def _decide(
        self, policy: GuildPolicy, asking: Asking, plans: tuple[Plan, ...]
    ) -> Admitted:
        """Decide; beside the loop where long or many texts are read, which would hold it up."""
        alias = self._alias_of(asking.actor.user_id)
        decide = partial(policy.admitted, replace(asking, alias=alias), plans, self._now())
        try:
            return await asyncio.to_thread(decide) if policy.takes_long(plans) else decide()
        except WordNotAllowed as refused:
            hit = WordHit(asking.actor.user_id, str(refused.facts["word"]))
            self._hits.note(asking.guild_id, hit)
            raise

    async def soon(self, guild_id: int) -> GuildPolicy | None:
        """Return a policy of at most `LIFE_S`, None where the database does not tell quickly.

        Who asks at the same time looks together.
        """
        read = self._read.get(guild_id)
        if read is not None and 0 <= self._now() - read.at < LIFE_S:
            return read.policy
        look = self._looks.get(guild_id)
        if look is None:
            look = self._looks[guild_id] = asyncio.create_task(self._look(guild_id))
            look.add_done_callback(lambda done: self._forget(guild_id, done))
        await asyncio.wait({look}, timeout=_QUICK_S)
        with suppress(asyncio.CancelledError, asyncio.InvalidStateError, StorageFault):
            return look.result()
        return None

    def _forget(self, guild_id: int, done: asyncio.Task[GuildPolicy]) -> None:
        if self._looks.get(guild_id) is done:
            del self._looks[guild_id]
        if not done.cancelled() and done.exception() is not None:
            _log.warning("policy_unread", guild=guild_id, reason=repr(done.exception()))

    async def _look(self, guild_id: int) -> GuildPolicy:
        began, changes = self._now(), self._changes
        read = self._read.get(guild_id)
        known = read.policy if read else None
        look = await self._store.look(guild_id, known.revision if known else None)
        policy = await _policy_of(look, known)
        self._read[guild_id] = _Read(policy, began if changes == self._changes else _LONG_AGO)
        self._read.move_to_end(guild_id)
        while len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)
        return policy


async def _policy_of(look: PolicyLook, known: GuildPolicy | None) -> GuildPolicy:
    """Return the policy that a look found, with the lists at hand where they are the same."""
    if look.lists is None:
        return replace(known or GuildPolicy(), settings=look.settings, revision=look.revision)
    words = await _compiled(look.lists.words)
    return GuildPolicy(look.settings, look.lists.blocks, words, look.revision)


async def _compiled(words: Sequence[str]) -> WordList:
    """Compile a word list beside the loop, which a long one would hold up."""
    return await asyncio.to_thread(WordList, words) if words else WordList()
