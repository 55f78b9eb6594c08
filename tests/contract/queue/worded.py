"""Word lists in the state machine of the queue: two processes ask the gate before they accept."""

import asyncio

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.engines.choosing import Choice
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.plans import Plan
from bot.domain.jobs.job import Options, Order
from bot.domain.members.actor import Actor
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.errors import Blocked, WordNotAllowed
from bot.services.moderation.gate import Gate
from bot.services.moderation.word_hits import WordHits
from tests.contract.orders import order
from tests.contract.queue.moderated import GUILDS, Moderated, guild_id

WORDS = ("zebra", "lake")
# What is asked for, and which of these words it holds.
PROMPTS = (
    ("a quiet harbour", None),
    ("a red Z3BRA", "zebra"),
    ("the l.a.k.e at night", "lake"),
    ("a zebrawood table", None),
)
_ENGINE = Engine("anime", "aiart", "aiart", Capabilities(commands=("restyle",)))


def options_of(number: int, count: int) -> Options:
    """What the request of a number is for."""
    return Options(prompt=PROMPTS[number // 4 % len(PROMPTS)][0], count=count)


class Worded(Moderated):
    """The rules of word lists; each process remembers a server's list until it has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: dict[int, set[str]] = {guild_id(guild): set() for guild in GUILDS}
        self.gates: list[Gate] = []

    def open_gates(self) -> None:
        def now() -> float:
            return self.now

        for _ in range(2):
            hits = WordHits(self.storage.log_lines, now)
            store = self.storage.policies
            self.gates.append(Gate(store=store, alias_of=lambda user: -user, hits=hits, now=now))

    @rule(guild=st.sampled_from(GUILDS), word=st.sampled_from(WORDS))
    def list_word(self, guild: int, word: str) -> None:
        there = self.listed[guild_id(guild)]
        added = self.run(self.storage.words.add(guild_id(guild), [word], by=9, now=self.now))
        assert added == (() if word in there else (word,))
        there.add(word)
        self.every_gate_knows(guild)

    @rule(guild=st.sampled_from(GUILDS), word=st.sampled_from([*WORDS, None]))
    def unlist(self, guild: int, word: str | None) -> None:
        there = self.listed[guild_id(guild)]
        gone = there if word is None else there & {word}
        words = None if word is None else [word]
        removed = self.run(self.storage.words.remove(guild_id(guild), words, by=9, now=self.now))
        assert set(removed) == gone
        self.listed[guild_id(guild)] = there - gone
        self.every_gate_knows(guild)

    def every_gate_knows(self, guild: int) -> None:
        """Ask in each process for each of the prompts, by somebody whom nobody blocks."""
        for gate in self.gates:
            for number in range(0, 4 * len(PROMPTS), 4):
                asked = order(number, guild=guild, user=8, options=options_of(number, 1))
                self.run(self.admitted(asked, gate))

    async def admitted(self, asked: Order, gate: Gate) -> bool:
        """Ask the gate as a command does, and compare with what is listed and who is blocked."""
        to = asked.destination
        plan = Plan("restyle", (Choice(_ENGINE, asked.options),), has_uploads=False)
        asking = Asking(Actor(to.user_id, to.guild_id), to.channel_id)
        held = dict(PROMPTS)[asked.options.prompt or ""]
        is_listed = held in self.listed.get(to.guild_id or 0, ())
        try:
            await gate.check(asking, plan)
        except Blocked:
            assert self.is_blocked(asked)
            return False
        except WordNotAllowed:
            assert is_listed
            await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
            return False
        assert not is_listed
        assert not self.is_blocked(asked)
        return True
