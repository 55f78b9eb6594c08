"""Why nothing can be made of a result: it is not this person's, gone, or at work already."""

from bot.domain.errors import NotPossible


class NotYourResult(NotPossible):
    sentence = (
        "You cannot use this result: it is somebody else’s, or no longer known here. Use a command "
        "to make a picture of your own."
    )


class AlreadyAtWork(NotPossible):
    sentence = "That is already at work for you: its result appears in a message of its own."


class NoEngineForThat(NotPossible):
    sentence = "That cannot be done now: no engine in use here does it. Try again later."


class NotFinished(NotPossible):
    sentence = "This picture is not finished yet, so there is nothing to delete. Cancel it instead."


class BeingPosted(NotPossible):
    sentence = "This result is being posted this moment. Try again when it is all there."
