"""Faults a test has scripted: what goes wrong, for which action, how many times, and when."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

When = Literal["before", "after"]


@dataclass(frozen=True)
class Script:
    """One scripted fault. `before` the work nothing is charged; `after` it everything is."""

    code: str | None = None
    message: str = ""
    when: When = "before"
    delay_s: float = 0.0
    held: bool = False  # the reply, until the account releases what it holds
    drop: bool = False
    garbage: bytes | None = None
    task_error: tuple[int, str] | None = None  # ErrCode, ErrCodeExt of a task that FINISHes
    pictures: int | None = None  # a task that makes only so many
    once: int = 0  # other than 0: one fault that waits at several actions
    spares: str = ""  # calls whose prompt holds this do not meet it, and it waits on

    @property
    def breaks_reply(self) -> bool:
        """Whether the client gets something else than an answer."""
        return self.drop or self.garbage is not None


NOTHING = Script()


class Scripts:
    """The faults still to come, per action, first in first out."""

    def __init__(self) -> None:
        self._coming: defaultdict[str, deque[Script]] = defaultdict(deque)
        self._shared = 0

    def add(self, action: str, script: Script, times: int) -> None:
        """Let the next `times` calls of the action meet this fault."""
        self._coming[action].extend([script] * times)

    def add_once(self, actions: Iterable[str], script: Script) -> None:
        """Let the next call of any of these actions meet this fault."""
        self._shared += 1
        once = replace(script, once=self._shared)
        for action in actions:
            self._coming[action].append(once)

    def waits_at(self, action: str) -> bool:
        """Whether the next call of the action meets a fault."""
        return bool(self._coming[action])

    def next(self, action: str, prompt: str = "") -> Script:
        """Take the fault of this call; one that does nothing where none was scripted."""
        coming = self._coming[action]
        if not coming or (coming[0].spares and coming[0].spares in prompt):
            return NOTHING
        script = coming.popleft()
        if script.once:
            for others in self._coming.values():
                if script in others:
                    others.remove(script)
        return script
