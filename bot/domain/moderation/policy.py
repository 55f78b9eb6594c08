"""The policy of a server: who may ask for what, where, as its moderators have it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.engines.plans import Plan
from bot.domain.guilds.rules import check_place, check_private, hides, permitted
from bot.domain.guilds.settings import GuildSettings
from bot.domain.members.actor import Actor, is_moderator
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.blocks import Block, BlockKind
from bot.domain.moderation.errors import Blocked, RoleBlocked, WordNotAllowed
from bot.domain.moderation.words.word_list import WordList

_SHORT_CHARS = 200  # the oddest are read in 2 ms, of 4,000 in 16


@dataclass(frozen=True, slots=True)
class Admitted:
    """Plans with the engines left that their member may use; `is_hidden`: results are spoilers."""

    plans: tuple[Plan, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class GuildPolicy:
    """What holds in one server; `revision` changes with its blocks and its word list."""

    settings: GuildSettings = field(default_factory=GuildSettings)
    blocks: tuple[Block, ...] = ()
    words: WordList = field(default_factory=WordList)
    revision: str | None = None

    def admitted(self, asking: Asking, plans: Iterable[Plan], now: float) -> Admitted:
        """Return what is left of plans that somebody may ask for, and how their results are shown.

        Raises the NotPossible that says why they may not ask, or not for one of these; with no
        plans, whether they may ask at all.
        """
        self._check_blocks(asking, now)
        check_place(self.settings, asking.channel_id, asking.parent_id)
        check_private(self.settings, private=asking.private)
        left = tuple(self.permitted(asking.actor, plan) for plan in plans)
        for plan in left:
            self._check_words(asking.actor, plan)
        hidden = hides(self.settings, asking.channel_id, asking.parent_id)
        return Admitted(left, is_hidden=hidden)

    def takes_long(self, plans: Iterable[Plan]) -> bool:
        """Tell whether the words of plans are so many that nobody is to wait for their reading."""
        return not self.words.is_empty and sum(len(_text_of(plan)) for plan in plans) > _SHORT_CHARS

    def permitted(self, actor: Actor, plan: Plan) -> Plan:
        """Return a plan with the engines left that somebody may use; raises why none is."""
        return permitted(plan, self.settings, actor.role_ids)

    def moderates(self, actor: Actor) -> bool:
        """Tell whether somebody who acts in this server moderates it."""
        return is_moderator(actor, self.settings.moderator_role_id)

    def _check_blocks(self, asking: Asking, now: float) -> None:
        """Raise Blocked of the member's own block, else RoleBlocked of the role's longest."""
        held = [block for block in self.blocks if block.holds(now) and _is_of(block, asking)]
        if not held:
            return
        own = next((block for block in held if block.kind is BlockKind.USER), None)
        if own is not None:
            raise Blocked(reason=own.reason, until=own.until)
        if self.moderates(asking.actor):
            return
        last = max(held, key=lambda block: float("inf") if block.until is None else block.until)
        raise RoleBlocked(role_id=last.subject_id, reason=last.reason, until=last.until)

    def _check_words(self, actor: Actor, plan: Plan) -> None:
        """Raise WordNotAllowed of a prompt, negative prompt or style; who moderates reads which."""
        word = self.words.find(_text_of(plan))
        if word is not None:
            raise WordNotAllowed(word=word, is_shown=self.moderates(actor))


def _text_of(plan: Plan) -> str:
    return "\n".join(dict.fromkeys(_texts_of(plan)))


def _texts_of(plan: Plan) -> Iterator[str]:
    """Yield what of a request the engine reads as words, and what its style is called."""
    for choice in plan.choices:
        options = choice.options
        styles = choice.engine.capabilities.styles
        style = options.style
        name = styles.get(style, "") if style else ""
        yield from filter(None, (options.prompt, options.negative, style, name))


def _is_of(block: Block, asking: Asking) -> bool:
    if block.kind is BlockKind.USER:
        return block.subject_id in (asking.actor.user_id, asking.alias)
    return block.subject_id in asking.actor.role_ids
