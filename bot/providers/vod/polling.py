"""When to look after a task: seldom at first, often around the time its engine usually takes."""

from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_KNOWN_S: Final = (13.0, 19.0)  # two recorded tasks (reports, 2026-08); until an engine's own
_KEPT = 8  # latest times of an engine
_WINDOW = (0.9, 1.1)  # of its shortest and its longest time
# How much longer a task may seem, at the most, where it ends before, in and after that window.
_EARLY, _DUE, _LATE = 0.1, 0.04, 0.08
_LEAST_S, _MOST_S = 0.1, 5.0
_READS_PER_SECOND = 40.0  # of all tasks together: less than half of what the API takes


class Polling:
    """Learns the times of each engine's tasks, for this process and as long as it runs.

    `known_s` are the times of a task whose engine has none of its own yet.
    """

    def __init__(self, *, known_s: tuple[float, ...] = _KNOWN_S) -> None:
        self._known_s = known_s
        self._times: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._watched = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count a task as looked after; the more there are, the seldomer each is."""
        self._watched += 1
        try:
            yield
        finally:
            self._watched -= 1

    def record(self, engine: str, seconds: float) -> None:
        """Note how long a task took from its creation until its end was seen."""
        self._times[engine].append(seconds)

    def pause_s(self, engine: str, elapsed_s: float) -> float:
        """Return the seconds until the next look at a task that was created so long ago."""
        times = self._times.get(engine) or self._known_s
        opens, closes = min(times) * _WINDOW[0], max(times) * _WINDOW[1]
        if elapsed_s < opens:
            wanted = max(min(elapsed_s * _EARLY, opens - elapsed_s), opens * _DUE)
        else:
            wanted = elapsed_s * (_DUE if elapsed_s < closes else _LATE)
        bounded = min(max(wanted, _LEAST_S), _MOST_S)
        return max(bounded, self._watched / _READS_PER_SECOND)
