"""Packages: prepaid or free calls of the cloud account, used up before anything costs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

# The operator is told before free calls run out, as the cloud tells its customers (seed 001).
_LOW = 0.2
_SOON_S = 14 * 86_400.0


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


class PackageEnd(StrEnum):
    """How a package comes to its end; the operator is told of each once."""

    LOW = "low"
    EXPIRING = "expiring"


@dataclass(frozen=True, slots=True)
class PackageUse:
    """A listed package, and how many of its pictures are used; `expires_at` is in unix seconds."""

    name: str
    images: int
    used: int
    expires_at: float

    @property
    def left(self) -> int:
        """How many pictures it still pays for; a list that was shortened may leave less than 0."""
        return max(self.images - self.used, 0)

    def endings(self, now: float) -> tuple[PackageEnd, ...]:
        """Return what is to be told of it now: nothing once it is over."""
        if now >= self.expires_at:
            return ()
        is_low = self.left <= self.images * _LOW
        is_expiring = self.left > 0 and now >= self.expires_at - _SOON_S
        found = {PackageEnd.LOW: is_low, PackageEnd.EXPIRING: is_expiring}
        return tuple(ending for ending, is_so in found.items() if is_so)


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
