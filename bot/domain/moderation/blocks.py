"""Who may not ask for pictures in a server: a member, or whoever has a role."""

from dataclasses import dataclass
from enum import StrEnum

MOST_BLOCKS = 1000  # of one server; the gate keeps them all in memory
REASON_CHARS = 500


class BlockKind(StrEnum):
    """Whom a block names; the names are kept, so none is ever renamed."""

    USER = "user"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Block:
    """Why somebody may not ask, and until when in unix seconds; None has no end.

    A role's block does not hold for those who moderate.
    """

    kind: BlockKind
    subject_id: int
    reason: str
    until: float | None
    set_by: int
    set_at: float

    def holds(self, now: float) -> bool:
        """Whether it has not ended by itself."""
        return self.until is None or now < self.until
