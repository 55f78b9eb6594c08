"""When things happen: lease lengths, and pauses between tries."""

LEASE_S = 20.0
BEAT_S = LEASE_S / 3  # two beats may be lost before anybody takes the job for dead
MAX_TRIES = 4
STORAGE_TIMEOUT_S = 300.0  # a database may restart; nobody waits longer for it than for a picture
DELIVERED_WITHIN_S = 3 * 86400.0  # longer than any outage of Discord's so far
LONGEST_CALL_S = 180.0  # no document names a latency; other clients wait as long (reports, 2026-08)
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 300.0
_LONGEST_REST_S = 60.0
_FIRST_STORAGE_PAUSE_S = 0.1
_LONGEST_STORAGE_PAUSE_S = 5.0


def pause_s(tries: int) -> float:
    """Return the pause after that many failed tries: 2 s, 4 s, 8 s … at most five minutes."""
    return float(min(_FIRST_PAUSE_S * 2 ** max(tries - 1, 0), _LONGEST_PAUSE_S))


def storage_pause_s(tries: int) -> float:
    """Return the pause before the storage is tried again: 0.1 s, 0.2 s … at most five seconds."""
    return float(min(_FIRST_STORAGE_PAUSE_S * 2 ** min(tries - 1, 16), _LONGEST_STORAGE_PAUSE_S))


def pool_pause_s(told_s: float, in_a_row: int) -> float:
    """Return how long a pool rests when the API had no place, for the `in_a_row`-th time.

    The told time doubles while it repeats, up to a minute; a success makes it start anew.
    """
    return float(min(told_s * 2 ** min(max(in_a_row - 1, 0), 16), max(told_s, _LONGEST_REST_S)))


class EditBudget:
    """So many edits per second for the whole process, and a few saved up."""

    def __init__(self, per_second: float = 2.0, most: float = 4.0) -> None:
        self._per_second = per_second
        self._most = most
        self._left = most
        self._at: float | None = None

    def take(self, now: float, *, leaving: float = 0.0) -> bool:
        """Take one edit, if there is one left, or `leaving` more for what matters more."""
        if self._at is not None:
            earned = max(now - self._at, 0.0) * self._per_second
            self._left = min(self._left + earned, self._most)
        self._at = now
        if self._left < 1 + leaving:
            return False
        self._left -= 1
        return True
