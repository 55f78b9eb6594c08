"""How far the jobs at work in this process are, by their APIs' word or their engines' times."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from bot.domain.jobs.job import JobId
from bot.domain.jobs.line import ENOUGH_TIMES, Standing

STEP = 10  # percent; a smaller one is no longer seen in a bar of ten parts
_LAST = 90  # percent; an estimate promises no end


def with_progress(
    at_work: Standing, said: int | None, recent_s: Sequence[float], since_s: float
) -> Standing:
    """Return the standing of a job at work for `since_s` with how far it is, in steps.

    `said` is its API's word in percent; at 0 it may not have one yet. Without it the engine's own
    latest times are asked, and where there are too few, nobody knows.
    """
    if said:
        return replace(at_work, percent=_stepped(said))
    if len(recent_s) < ENOUGH_TIMES:
        return at_work
    passed = 100 * since_s / max(median(recent_s), 1.0)
    return replace(at_work, percent=min(_stepped(passed), _LAST), is_estimate=True)


def is_further(shown: Standing | None, now: Standing) -> bool:
    """Tell whether a bar has moved, which is worth an edit where nothing else waits for one."""
    if shown is None or now.percent is None:
        return False
    return now.percent > (shown.percent or 0)


def _stepped(percent: float) -> int:
    return int(percent) // STEP * STEP


class Progress:
    """The latest word on each job at work here, in percent; nothing of it is kept after a stop."""

    def __init__(self) -> None:
        self._percents: dict[JobId, int | None] = {}

    def begin(self, job_id: JobId) -> None:
        """Take up a job that is at work here from now on."""
        self._percents[job_id] = None

    def note(self, job_id: JobId, percent: int) -> None:
        """Take the API's word for how far a job is; it is bounded to 0 to 100."""
        self._percents[job_id] = max(0, min(percent, 100))

    def of(self, job_id: JobId) -> int | None:
        """Return how far a job is, None where no API has said so."""
        return self._percents.get(job_id)

    def is_here(self, job_id: JobId) -> bool:
        """Tell whether this process is the one that works on a job."""
        return job_id in self._percents

    def forget(self, job_id: JobId) -> None:
        """Drop a job that is no longer at work here."""
        self._percents.pop(job_id, None)
