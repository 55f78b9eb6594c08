"""Where a label's text may be parted into lines."""

import enum

import regex

# After a space or a hyphen, and before Chinese characters or katakana that follow other letters:
# what hiragana begins belongs to what stands before it.
_BETWEEN_WORDS = regex.compile(
    r"(?<=[\s\p{Pd}/|·•,;:、。])(?=\S)"
    r"|(?<=[^\p{Han}\s])(?=\p{Han})|(?<=[^\p{Katakana}ー\s])(?=\p{Katakana})"
    r"|(?<=\p{Han})(?=[\p{Latin}\p{Hangul}])"
)
_BETWEEN_SIGNS = regex.compile(
    rf"{_BETWEEN_WORDS.pattern}|(?<=[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}])(?=[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}])"
)
_ANYWHERE = regex.compile(r"(?<=.)(?=[^\p{M}])")


class Breaks(enum.Enum):
    """How readily a text is parted."""

    BETWEEN_WORDS = _BETWEEN_WORDS
    BETWEEN_SIGNS = _BETWEEN_SIGNS
    ANYWHERE = _ANYWHERE


def pieces(text: str, breaks: Breaks) -> list[str]:
    """Return the parts of `text` that stay whole; joined, they are the text."""
    return [piece for piece in breaks.value.split(text) if piece]
