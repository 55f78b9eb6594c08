"""The pictures that were ever posted, by what is kept of them to know them again."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.labels.fingerprint import Match, Posted


class FingerprintStore(Protocol):
    """Fingerprints of posted pictures, kept as long as the ledger; none names a person."""

    async def record(self, posted: Sequence[Posted]) -> None:
        """Note pictures that are about to be posted; what is noted already stays as it is."""

    async def same(self, sha256: bytes) -> Match | None:
        """Return the picture with exactly these bytes."""

    async def alike(self, likeness: int, most: int) -> list[Match]:
        """Return pictures that differ in at most `most` bits, the nearest first, at most 32.

        Found for certain up to 7 bits, with 97 % at 10: a look-up begins with eight parts of 16
        bits, one of which has to be the same. Parts that very many pictures share are read in
        part only.
        """
