"""Words that somebody chose for a label: they say what they must, and can be drawn."""

from bot.domain.labels.errors import LabelLettersMissing
from bot.domain.labels.own_words import own_words
from bot.imaging.labels.visible.font import missing_letters


def drawable_words(typed: str) -> str:
    """Return the words as they are drawn; raises the LabelWordsRefused that says what is wrong."""
    text = own_words(typed)
    missing = missing_letters([text])
    if missing:
        raise LabelLettersMissing(text=text, letters=" ".join(missing))
    return text
