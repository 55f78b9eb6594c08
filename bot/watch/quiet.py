"""How often what repeats itself may be logged: a kind once a minute."""

import time
from collections import Counter
from collections.abc import Hashable

from bot.ports.clock import Clock

_QUIET_S = 60.0


class QuietMinute:
    """Remembers what was logged within the last minute, and how often it came since."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._now = now
        self._logged: dict[Hashable, float] = {}
        self._unsaid: Counter[Hashable] = Counter()

    def begins(self, kind: Hashable) -> bool:
        """Return whether a kind may be logged now; then it may not for a minute."""
        now = self._now()
        if now - self._logged.get(kind, -_QUIET_S) < _QUIET_S:
            self._unsaid[kind] += 1
            return False
        self._logged = {each: at for each, at in self._logged.items() if now - at < _QUIET_S}
        self._logged[kind] = now
        return True

    def unsaid(self, kind: Hashable) -> int:
        """Return how often a kind was not logged since the last time, and begin anew."""
        return self._unsaid.pop(kind, 0)
