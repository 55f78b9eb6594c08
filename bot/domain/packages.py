"""Packages: prepaid or free calls of the cloud account, used up before anything costs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Package:
    """So many pictures of a pool; `expires` is the last day they are good for, in UTC."""

    pool: str
    images: int
    expires: date

    @property
    def expires_at(self) -> float:
        """The end of that day in unix seconds."""
        day = datetime(self.expires.year, self.expires.month, self.expires.day, tzinfo=UTC)
        return (day + timedelta(days=1)).timestamp()


class PackageStore(Protocol):
    """The packages, and how much of each is used."""

    async def keep(self, listed: Sequence[Package]) -> None:
        """Let the operator's list replace the one before; a package that stays keeps its use."""


def names_of(listed: Iterable[Package]) -> dict[str, Package]:
    """Name packages by what does not change while they are used; equal ones are numbered."""
    seen: Counter[str] = Counter()
    named: dict[str, Package] = {}
    for package in listed:
        name = f"{package.pool} until {package.expires}"
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name} ({seen[name]})"] = package
    return named


def share_out(pictures: int, left: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Take pictures from packages in their order; returns how many of each, without zeros."""
    shares: dict[str, int] = {}
    for name, number in left:
        share = min(number, pictures - sum(shares.values()))
        if share <= 0:
            break
        shares[name] = share
    return shares
