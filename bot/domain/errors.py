"""Every error a person may be told, one class and one plain sentence each.

EaselError
├── NotPossible            what was asked cannot be done: costs nothing, loses nothing
│   ├── NotAllowedHere, NotInDirectMessages, NeedsManageServer
│   ├── NoEngine, ServicePaused, EngineOff, Restarting, OneOfPictures
│   ├── engines, options, prompts and pictures that do not do (wish_errors.py)
│   ├── DownloadFailed, NotReachedInTime; uploads that are no pictures to take (picture_errors.py)
│   ├── TooManyWaiting; QuotaSpent and its kinds, SubmittingPaused (quota_errors.py)
│   ├── jobs that one may not or can no longer do something to (job_errors.py)
│   └── PermissionsMissing
├── CutShort               a stop came in between; what was accepted goes on afterwards
├── ProviderError          what became of a request to an image API
│   ├── Moderated          reviewed and refused; never sent again
│   ├── InputRefused       the API does not take this input; never sent again
│   ├── Busy               no free place now; the job keeps its place in the queue
│   │   └── NotSent        the request did not get to the API whole, so nobody worked on it
│   ├── ServerFault        the API broke before anything was paid
│   │   └── OutOfSight     sent to an API that pays nothing twice, and what became of it is not seen
│   ├── OperatorFault      the operator's account, key or settings
│   ├── EngineGone         the API no longer exists for this account
│   ├── RequestBug         our request was wrong
│   └── OutcomeUnknown     sent, and the answer was lost: paid or not, nobody knows
│       └── ResultLost, ResultUnreadable   paid for certain (result_errors.py)
├── Undeliverable          every way to hand over a result failed for now
│   └── Unreachable        no way to hand it over is left
├── NotAcknowledged        Discord took no answer in time: its member read so, and nothing is done
├── no log-in, or no gateway any more; for the operator (discord_errors.py)
└── StorageFault           the database cannot be used as it is; for the operator
    ├── StorageUnavailable   it may be back soon: whoever can wait tries again
    ├── AlreadyRunning
    ├── NoDatabase
    ├── DatabaseUnreachable
    ├── DatabaseFileUnusable
    ├── DatabaseDamaged
    └── SchemaMismatch
        └── NewerSchema
"""

from typing import Any, Literal

from bot.domain.wording.sentences import Spoken

Reach = Literal["account", "api", "engine"]
"""Whom a fault concerns: all engines of a service and site, those of one action there, or one."""


class EaselError(Spoken):
    """What a person is told: one sentence, and a name for the ledger and the log."""

    @property
    def code(self) -> str:
        """The name kept in the ledger's `error_code`."""
        return type(self).__name__


class NotPossible(EaselError):
    """What was asked cannot be done; nothing was reserved, stored or paid."""

    sentence = "That is not possible."


class NotAllowedHere(NotPossible):
    sentence = (
        "Easel may not be used in this server. Which servers may is up to {operator_reached}."
    )


class NotInDirectMessages(NotPossible):
    sentence = "Easel works in servers; {operator_reached} has switched direct messages off."


class NoEngine(NotPossible):
    sentence = "No engine for /{command} is available right now."


class ServicePaused(NotPossible):
    sentence = "The service is not available right now. Nothing was used from your quota."


class EngineOff(NotPossible):
    sentence = (
        "The engine “{engine}” is not available right now. Choose another, or leave it empty."
    )


class Restarting(NotPossible):
    sentence = "Easel is restarting. What waits is kept; please ask again in a minute."


class OneOfPictures(NotPossible):
    sentence = "Picture {number}: {why}"


class OneOfNamedPictures(OneOfPictures):
    sentence = "Picture {number} (“{name}”): {why}"


class DownloadFailed(NotPossible):
    sentence = "The upload could not be fetched from Discord. Please send it again."


class NotReachedInTime(NotPossible):
    sentence = (
        "So much is being asked for right now that your request was not reached in time. Nothing "
        "was used from your quota; please try again later."
    )


class NeedsManageServer(NotPossible):
    sentence = "That needs the permission Manage Server."


class TooManyWaiting(NotPossible):
    sentence = "You have {waiting} jobs waiting already; {limit} is the most at a time."


class PermissionsMissing(NotPossible):
    sentence = "Easel cannot post here: it lacks {missing} in this channel."


class CutShort(EaselError):
    sentence = "Easel is restarting in the middle of this. {advice}"


class ProviderError(EaselError):
    """What became of a request to an image API; its code and request id are for the operator."""

    sentence = "The picture could not be made."

    def __init__(
        self, api_code: str = "", *, request_id: str = "", detail: str = "", **facts: Any
    ) -> None:
        super().__init__(**facts)
        self.api_code = api_code
        self.request_id = request_id
        self.detail = detail.rstrip(" .。")  # what it is quoted in goes on behind it

    @property
    def code(self) -> str:
        """The API's own code where it gave one, else the class name."""
        return self.api_code or type(self).__name__


class Moderated(ProviderError):
    """`what` is "prompt", "picture" (the upload) or "result"; `or_upload`: that is not certain."""

    sentence = "The service's review refused the {what}. Nothing was used from your quota."

    def __init__(
        self,
        api_code: str = "",
        *,
        what: str,
        or_upload: bool = False,
        request_id: str = "",
        detail: str = "",
    ) -> None:
        shown = f"{what} or the upload" if or_upload else what
        super().__init__(api_code, request_id=request_id, detail=detail, what=shown)
        self.what = what


class InputRefused(ProviderError):
    sentence = "The service could not use this prompt or picture. Nothing was used from your quota."


class Busy(ProviderError):
    """No place free at the API: wait `retry_after_s` and send again; nothing was paid."""

    sentence = "The service is busy."

    def __init__(
        self,
        api_code: str = "",
        *,
        retry_after_s: float = 1.0,
        request_id: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(api_code, request_id=request_id, detail=detail)
        self.retry_after_s = retry_after_s


class NotSent(Busy):
    """The request did not get to the API, or not whole: the way there is shut for now."""

    sentence = "The service cannot be reached."


class ServerFault(ProviderError):
    sentence = (
        "The service failed several times. Nothing was used from your quota; try again later."
    )


class OutOfSight(ServerFault):
    """What was sent may be at work, and nobody can see it for now: it is to be taken up again."""


class OperatorFault(ProviderError):
    """`reach` is whose trouble it is, `remedy` what to do about it."""

    sentence = "The service is not available right now. Nothing was used from your quota."

    def __init__(
        self,
        api_code: str = "",
        *,
        request_id: str = "",
        detail: str = "",
        reach: Reach = "engine",
        remedy: str = "",
    ) -> None:
        super().__init__(api_code, request_id=request_id, detail=detail)
        self.reach = reach
        self.remedy = remedy


class EngineGone(ProviderError):
    """`reach` is what is gone, `remedy` what to do about it; empty where nothing helps."""

    sentence = "This engine no longer exists for this account. Nothing was used from your quota."

    def __init__(
        self,
        api_code: str = "",
        *,
        request_id: str = "",
        detail: str = "",
        reach: Reach = "engine",
        remedy: str = "",
    ) -> None:
        super().__init__(api_code, request_id=request_id, detail=detail)
        self.reach = reach
        self.remedy = remedy


class RequestBug(ProviderError):
    sentence = "The request was wrong, which is our fault. Nothing was used from your quota."


class OutcomeUnknown(ProviderError):
    sentence = (
        "No clear answer came back after the request was sent, so nobody knows whether the picture "
        "was made. Your quota was given back."
    )


class Undeliverable(EaselError):
    sentence = "The result could not be posted; it is kept for you."


class Unreachable(Undeliverable):
    sentence = "There is no way left to post the result; it is kept for you."


class NotAcknowledged(EaselError):
    sentence = "Discord did not take the answer in time ({why})."


class StorageFault(EaselError):
    sentence = "The database cannot be used as it is."


class StorageUnavailable(StorageFault):
    sentence = "The bot's database or disk cannot be used right now. Please try again in a moment."


class AlreadyRunning(StorageFault):
    sentence = (
        "Another process already takes jobs from {file}. SQLite serves one bot process; for more "
        "than one, set DATABASE_URL to a PostgreSQL database."
    )


class NoDatabase(StorageFault):
    sentence = "There is no database of Easel at {file} yet; the first start of the bot makes it."


class DatabaseUnreachable(StorageFault):
    sentence = (
        "The database cannot be reached ({why}). Check DATABASE_URL, and that its server runs."
    )


class DatabaseFileUnusable(StorageFault):
    sentence = (
        "The database {file} cannot be opened or made ({why}). Check DATABASE_URL, and that the "
        "bot's user may write to the file and its folder."
    )


class DatabaseDamaged(StorageFault):
    sentence = (
        "{file} is damaged or is no SQLite database. Stop the bot and put a copy that `easel "
        "backup` made in its place, or let DATABASE_URL name another file."
    )


class SchemaMismatch(StorageFault):
    sentence = (
        "The database has schema {found} and this version of Easel works with {needed}. "
        "`easel migrate` brings it up to date."
    )


class NewerSchema(SchemaMismatch):
    sentence = "The database has schema {found}, this Easel {needed}: it needs a newer Easel."
