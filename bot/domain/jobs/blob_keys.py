"""The names that a job's pictures are kept under: uploads in, raw pictures out."""

from bot.domain.jobs.job import JobId


def input_key(job_id: JobId, number: int) -> str:
    """Return the key of one of a job's fitted uploads; `number` counts from 0."""
    return f"{job_id}/in/{number}"


def raw_keys(job_id: JobId, count: int) -> list[str]:
    """Return the keys of a job's raw pictures."""
    return [f"{job_id}/raw/{number}" for number in range(count)]
