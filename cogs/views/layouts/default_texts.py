"""What a waiting message says of defaults that its job is made without."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.domain.engines.plans import Default
from bot.domain.wording.sentences import say

_PASSED_OVER: Mapping[str, str] = MappingProxyType(
    {
        "engine": "The default engine “{value}” does not take this, so it was passed over.",
        "style": "The default style “{value}” does not go with this, so it was passed over.",
        "ratio": "The default ratio {value} does not go with this, so it was passed over.",
        "negative": (
            "The default for what should not be in it does not go with this, so it was passed over."
        ),
    }
)


def passed_over_text(defaults: Iterable[Default]) -> str:
    """Return lines of small print, one for each default."""
    return "\n".join(say(_PASSED_OVER[each.option], value=each.value) for each in defaults)
