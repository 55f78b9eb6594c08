"""The refusals of prompts with choices, and of a yes that comes too late."""

from bot.domain.errors import NotPossible


class NestedChoices(NotPossible):
    sentence = (
        "Choices within choices are not possible: write each group as “{{red,blue}}”, with no "
        "other braces inside. A brace that is only a brace is written “\\{{”."
    )


class EmptyChoice(NotPossible):
    sentence = (
        "One of these choices leaves no words at all, so there is nothing to make. Write something "
        "outside the braces, or something in each choice."
    )


class TooManyChoices(NotPossible):
    """`asked` and `limit` are pictures, the choices of all groups multiplied."""

    sentence = (
        "These choices make {asked} pictures; at most {limit} at a time are possible. Leave some "
        "choices out, or ask for fewer pictures of each."
    )


class FarTooManyChoices(NotPossible):
    sentence = (
        "These choices make far too many pictures; at most {limit} at a time are possible. Leave "
        "some choices out."
    )


class RequestGone(NotPossible):
    """Confirmed already, given up, too old, somebody else's, or never there: all read the same."""

    sentence = (
        "This is no longer waiting for your answer. What you confirmed is being made; else use the "
        "command again."
    )


class PleaseConfirmAgain(NotPossible):
    """An id of the new jobs belongs to another job: nearly impossible, and nothing was accepted."""

    sentence = "That did not work, and nothing was accepted. Please press the button once more."
