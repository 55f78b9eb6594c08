"""What a changed setting is called in moderators' records, and its values there."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.labels.origin import Origin
from bot.domain.labels.wording import LabelLanguage, label_words
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say

# By the keys that acts name for good, so none is ever renamed.
CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "timezone": "{who} changed the time zone.",
        "budget_images": "{who} changed the budget of pictures per month.",
        "budget_usd": "{who} changed the budget of money per month.",
        "budget_warning": "{who} changed from how much of a budget on moderators are told.",
        "log_channel": "{who} changed the log channel.",
        "moderator": "{who} changed the moderators’ role.",
        "remix": "{who} changed whose pictures may be restyled.",
        "channels": "{who} changed in which channels pictures may be made.",
        "spoiler_channels": "{who} changed in which channels results are hidden.",
        "private": "{who} changed whether members may ask for private results.",
        "role_rules": "{who} changed who may use which engines and styles.",
        "defaults": "{who} changed the server’s defaults.",
        "label_corner": "{who} changed in which corner the label stands.",
        "label_language": "{who} changed the language of the label.",
        "label_words": "{who} changed the label’s own words.",
        "approval_days": "{who} changed the days after which members need no approval.",
        "approval_role": "{who} changed the role whose members need no approval.",
    }
)
_VALUES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "remix": {
            "own": "only one’s own pictures",
            "members": "results, and uploads whose owner allows it",
            "uploads": "results and uploads, unless their owner forbids it",
        },
        "private": {"yes": "allowed", "no": "not allowed"},
        "label_language": {
            language: f"{label_words(language, Origin.GENERATED)} ({language})"
            for language in LabelLanguage
        },
    }
)


def value_text(key: str | None, text: str) -> Markup | None:
    """Return the words for a value that is kept as a code; None for one that says it itself."""
    said = _VALUES.get(key or "", {}).get(text)
    return None if said is None else say(said)
