"""What goes wrong: the bot's breaches as they are noted, and failures scripted against it."""

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.discord.world.people import JSON

Drop = Literal["before", "after"]
At = Literal["connect", "identify", "resume"]


class Faults(list[str]):
    """Everything the bot did that Discord would refuse, forbid or show wrongly, in order."""

    def check(self) -> None:
        """Raise AssertionError listing the faults, if there are any."""
        if self:
            raise AssertionError(f"{len(self)} faults of the bot:\n" + "\n".join(self))


@dataclass
class Failure:
    """One scripted failure and how often it is still to happen."""

    method: str
    path: re.Pattern[str]
    status: int
    body: JSON | None
    times: int
    headers: dict[str, str]
    drop: Drop | None
    takes_effect: bool
    hangs: bool = False

    @property
    def comes_after(self) -> bool:
        """Whether the work is done, and only its answer lost."""
        return self.takes_effect or self.drop == "after"


@dataclass
class Script:
    """The failures to come, first scripted first served."""

    failures: list[Failure] = field(default_factory=list)

    def next(self, method: str, path: str) -> Failure | None:
        """Take the failure for this request, used up by asking."""
        for failure in self.failures:
            if failure.times and failure.method == method and failure.path.search(path):
                failure.times -= 1
                return failure
        return None


@dataclass
class Closing:
    """A close code for connections to come; `shard` None is any."""

    at: At
    code: int
    shard: int | None
    times: int
    resumable: bool


class Closings(list[Closing]):
    """The closings to come, first scripted first served."""

    def take(self, at: At, shard: int | None) -> Closing | None:
        """Take the closing for this moment of a connection, used up by asking."""
        for closing in self:
            if closing.times and closing.at == at and closing.shard in (None, shard):
                closing.times -= 1
                return closing
        return None
