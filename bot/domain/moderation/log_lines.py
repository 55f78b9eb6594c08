"""A line for a server's log channel: a result, an act of a moderator, or a refused word."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.jobs.job import Job
from bot.domain.moderation.acts import WrittenAct

REACHED_S = 90 * 86400.0  # so long messages are edited once less is to be told
KEPT_S = 86400.0  # lines that could not be posted for so long are dropped


class Taken(Enum):
    """How a log channel took a message: now, perhaps later, not while it is as it is, or never."""

    NOW = auto()
    LATER = auto()
    CLOSED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Told:
    """How a message was taken, and its id where it is known."""

    taken: Taken
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class WordHit:
    """A word of a server's list, as the list has it, and whose request held it."""

    user_id: int
    word: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """What one line tells of; nothing, where that is not kept any more. `at`: when it was noted."""

    number: int
    at: float
    job: Job | None = None
    cost_usd: float = 0.0
    act: WrittenAct | None = None
    hit: WordHit | None = None

    @property
    def tells_something(self) -> bool:
        """Whether what it tells of is kept still."""
        return not (self.job is None and self.act is None and self.hit is None)


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Lines of a server for one message: the oldest ones, or those of a message that stands."""

    guild_id: int
    channel_id: int | None
    lines: tuple[LogLine, ...]
    message_id: int | None = None
    changes: tuple[int, ...] = ()  # of each line since the message was last shown

    @property
    def numbers(self) -> tuple[int, ...]:
        """The lines' numbers, ascending."""
        return tuple(line.number for line in self.lines)
