"""What is kept of a posted picture so that it is known again, whoever shows it."""

from dataclasses import dataclass

from bot.domain.labels.origin import Origin


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`sha256` of the posted bytes, and bits that a changed copy nearly shares.

    The 128 of `likeness` are looked for, the 512 of `detail` tell similar pictures apart.
    """

    sha256: bytes
    likeness: int
    detail: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A picture as it was posted; `number` counts a job's pictures from 0.

    `system` is what made it, `made_at` when, in unix seconds. Nothing says for whom.
    """

    job_id: str
    number: int
    fingerprint: Fingerprint
    system: str
    origin: Origin
    made_at: float


@dataclass(frozen=True, slots=True)
class Match:
    """A posted picture, and in how many bits another one differs from it; None: byte for byte."""

    posted: Posted
    differing: int | None = None
