"""How much a limit allows, in words: so many pictures or US dollars in a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


class _Words(NamedTuple):
    """One phrase for each number of a period, so that none is put together from pieces."""

    one: str
    many: str
    none: str
    unlimited: str
    usd: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "hour": _Words(
            "1 picture per hour",
            "{number:.0f} pictures per hour",
            "no pictures per hour",
            "unlimited pictures per hour",
            "{number:.2f} USD per hour",
        ),
        "day": _Words(
            "1 picture per day",
            "{number:.0f} pictures per day",
            "no pictures per day",
            "unlimited pictures per day",
            "{number:.2f} USD per day",
        ),
        "week": _Words(
            "1 picture per week",
            "{number:.0f} pictures per week",
            "no pictures per week",
            "unlimited pictures per week",
            "{number:.2f} USD per week",
        ),
        "month": _Words(
            "1 picture per month",
            "{number:.0f} pictures per month",
            "no pictures per month",
            "unlimited pictures per month",
            "{number:.2f} USD per month",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Amount:
    """So many pictures, or US dollars, in a `Period`; a negative number is no limit."""

    number: float
    period: str
    is_money: bool = False

    def __str__(self) -> str:
        """Return it in words, e.g. "20 pictures per day"."""
        words = _WORDS[self.period]
        if self.is_money:
            phrase = words.usd
        elif self.number < 0:
            phrase = words.unlimited
        else:
            phrase = {0.0: words.none, 1.0: words.one}.get(float(self.number), words.many)
        return phrase.format(number=self.number)
