"""When things happen: lease lengths, pauses between tries, and the guess how long a job waits."""

from collections.abc import Sequence

LEASE_S = 20.0
BEAT_S = LEASE_S / 3  # two beats may be lost before anybody takes the job for dead
MAX_TRIES = 4
MAX_DELIVERIES = 12
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 300.0


def pause_s(tries: int) -> float:
    """Return the pause after that many failed tries: 2 s, 4 s, 8 s … at most five minutes."""
    return float(min(_FIRST_PAUSE_S * 2 ** max(tries - 1, 0), _LONGEST_PAUSE_S))


def expected_wait_s(ahead: int, slots: int, recent_s: Sequence[float], default_s: float) -> float:
    """Return about how long until the job behind `ahead` others is done.

    `recent_s` are this engine's own latest times per picture; without any, `default_s` stands in.
    """
    typical = sorted(recent_s)[len(recent_s) // 2] if recent_s else default_s
    rounds = ahead // max(slots, 1) + 1
    return rounds * typical
