"""What is wrong with words that somebody chose for a label."""

from bot.domain.errors import NotPossible


class LabelWordsRefused(NotPossible):
    """The label would not say what it must, or cannot be drawn."""


class LabelNamesNoAI(LabelWordsRefused):
    """It does not tell that AI made the picture."""

    sentence = (
        "A label must say that AI made the picture: use the word {words}, and “{text}” has none "
        "of these."
    )


class LabelDeniesAI(LabelWordsRefused):
    """It seems to say that AI had no part in it."""

    sentence = "A label must say that AI made the picture, and “{text}” could be read as a denial."


class LabelWordsTooLong(LabelWordsRefused):
    """It would cover too much of the picture."""

    sentence = "A label may have at most {most} characters, and “{text}” has {count}."


class LabelLettersMissing(LabelWordsRefused):
    """The font has no picture of some letters."""

    sentence = "The label’s font cannot draw {letters}: write “{text}” without them."
