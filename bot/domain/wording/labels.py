"""The words that a result is labelled with: in its message, in its alt text and in its pixels."""

_GENERATED = "AI-generated"
# Contract, "What a result message holds": until labels speak a server's language, both say so.
_MODIFIED = "AI-generated"


def label_words(*, is_modified: bool) -> str:
    """Return the label of what was made from words, or from a picture of a person's own."""
    return _MODIFIED if is_modified else _GENERATED
