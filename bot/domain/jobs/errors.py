"""Why something cannot be done to a job: it is somebody else's, too far along, or gone."""

from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Job, JobState

_HOW_FAR = {
    JobState.QUEUED: "it is still waiting",
    JobState.RUNNING: "it is being made",
    JobState.DELIVERING: "its result is being posted",
    JobState.DONE: "it is done",
    JobState.FAILED: "it failed",
    JobState.REFUSED: "it was refused",
    JobState.CANCELLED: "it was cancelled",
    JobState.EXPIRED: "it expired",
    JobState.UNKNOWN: "it was lost",
}


class JobNotFound(NotPossible):
    sentence = "There is no job “{job}” of yours here."


class NotYourJob(NotPossible):
    sentence = (
        "Only the person who asked for this picture or a moderator of the server where they did "
        "can do that, while it is known here."
    )


class TooLateToCancel(NotPossible):
    sentence = "It is too late to cancel “{job}”: {how}."


class NoResultYet(NotPossible):
    sentence = "The job “{job}” has no pictures: {how}."


class PicturesGone(NotPossible):
    sentence = "The pictures of “{job}” are no longer kept."


class PromptGone(NotPossible):
    sentence = "The words of this picture are no longer kept; its message has their beginning."


class PromptNotHere(NotPossible):
    sentence = "There is no picture of this channel or server whose words this could show."


class ResultDeleted(NotPossible):
    sentence = "The result of “{job}” was deleted; nothing of it is kept."


class StillUnreadable(NotPossible):
    sentence = (
        "What the service made for “{job}” still cannot be read, so it cannot be labelled and is "
        "not posted. It is kept; ask again after the next update of Easel."
    )


class NoSuchJobHere(NotPossible):
    sentence = "There is no job “{job}” of this server."


class WaitsNoMore(NotPossible):
    sentence = "“{job}” is no longer waiting: {how}."


class HeldAlready(NotPossible):
    sentence = "“{job}” is held already."


class ApprovalComesFirst(NotPossible):
    sentence = "“{job}” waits for a moderator’s approval, so it does not start before that anyway."


class NotHeld(NotPossible):
    sentence = "Nobody holds “{job}” back: {how}."


class QueueDrained(NotPossible):
    sentence = (
        "The moderators of this server let its queue run empty, so nothing new is taken here until "
        "they resume it."
    )


class QueueDrainedBecause(QueueDrained):
    sentence = (
        "The moderators of this server let its queue run empty, so nothing new is taken here until "
        "they resume it. They say: {reason}"
    )


class NotPausedHere(NotPossible):
    sentence = "The queue of this server is neither paused nor drained."


def how_far(job: Job) -> str:
    """Return in words how far a job has come; a task at the API is being made, queued or not."""
    is_at_work = job.state is JobState.QUEUED and job.sent_at is not None
    return _HOW_FAR[JobState.RUNNING if is_at_work else job.state]
