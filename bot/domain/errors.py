"""The tree of errors that a person may be told, and those of no subject: one sentence each.

EaselError
├── NotPossible            what was asked cannot be done: costs nothing, loses nothing
│   ├── NotAllowedHere, NotInDirectMessages, NeedsManageServer, NeedsModerator
│   ├── NoEngine, ServicePaused, EngineOff, Restarting, OneOfPictures
│   ├── engines, options, prompts and pictures that cannot be used (engines/errors.py)
│   ├── DownloadFailed, NotReachedInTime; uploads that are no pictures to take (pictures/errors.py)
│   ├── TooManyWaiting; QuotaSpent and its kinds, SubmittingPaused (quotas/errors.py)
│   ├── jobs that one may not or can no longer do something to (jobs/errors.py)
│   ├── CommandOutdated, ButtonOutdated, FormOutdated: shown by Discord, and known no more
│   ├── FormAltered            sent back with other parts than it has
│   └── PermissionsMissing
├── CutShort               a stop came in between; what was accepted goes on afterwards
├── ProviderError          what became of a request to an image API (provider_errors.py)
│   ├── Moderated          reviewed and refused; never sent again
│   ├── InputRefused       the API does not take this input; never sent again
│   ├── Busy               no free place now; the job keeps its place in the queue
│   │   └── NotSent        the request did not get to the API whole, so nobody worked on it
│   ├── ServerFault        the API broke before anything was paid
│   │   └── OutOfSight     sent to an API that pays nothing twice, and what became of it is not seen
│   ├── AccountFault: OperatorFault   the operator's account, key or settings
│   ├── AccountFault: EngineGone      the API no longer exists for this account
│   ├── RequestBug         our request was wrong
│   └── OutcomeUnknown     sent, and the answer was lost: paid or not, nobody knows
│       └── ResultLost, ResultUnreadable   paid for certain (jobs/reasons/result_errors.py)
├── Undeliverable          every way to hand over a result failed for now
│   └── Unreachable        no way to hand it over is left
├── NotAcknowledged        Discord took no answer in time: its member read so, and nothing is done
├── no log-in, or no gateway any more; for the operator (operator_errors.py)
└── StorageFault           the database cannot be used as it is, for the operator (storage_errors)
    ├── StorageUnavailable   it may be back soon: whoever can wait tries again
    ├── AlreadyRunning
    ├── NoDatabase
    ├── DatabaseUnreachable
    ├── DatabaseFileUnusable
    ├── DatabaseDamaged
    └── SchemaMismatch
        └── NewerSchema
"""

from bot.domain.wording.sentences import Spoken


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


class NeedsModerator(NotPossible):
    sentence = (
        "That needs the permission Manage Server, or the role that `/settings moderator` names."
    )


class TooManyWaiting(NotPossible):
    sentence = "Of your jobs {waiting} wait already; {limit} is the most at a time."


class PermissionsMissing(NotPossible):
    sentence = "Easel cannot post here: it lacks {missing} in this channel."


class CutShort(EaselError):
    sentence = "Easel is restarting in the middle of this. {advice}"


class Undeliverable(EaselError):
    sentence = "The result could not be posted; it is kept for you."


class Unreachable(Undeliverable):
    sentence = "There is no way left to post the result; it is kept for you."


class NotAcknowledged(EaselError):
    sentence = "Discord did not take the answer in time ({why})."


class CommandOutdated(NotPossible):
    sentence = (
        "This command was changed since your Discord loaded it. Reload Discord (Ctrl+R, or close "
        "and open the app) and use it again."
    )


class ButtonOutdated(NotPossible):
    sentence = (
        "This does nothing any more: Easel was restarted since, or has changed. Use the command "
        "again."
    )


class FormOutdated(NotPossible):
    sentence = (
        "This form is no longer open: it was sent already, was open for more than 15 minutes, or "
        "Easel was restarted since. What was accepted still comes; else use the command again."
    )


class FormAltered(NotPossible):
    sentence = (
        "What came back is not what this form asks for, so nothing was done. Fill it in again in "
        "Discord’s own app."
    )
