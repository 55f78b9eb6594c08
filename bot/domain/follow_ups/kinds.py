"""The follow-ups of a result, and which of them a message offers."""

from dataclasses import dataclass
from enum import StrEnum


class FollowUp(StrEnum):
    """What can be made of one kept picture at a press; the values stand in custom ids."""

    UPSCALE = "upscale"
    VARY_LITTLE = "vary-little"
    VARY_LOT = "vary-lot"
    EXTEND_LEFT = "extend-left"
    EXTEND_RIGHT = "extend-right"
    EXTEND_UP = "extend-up"
    EXTEND_DOWN = "extend-down"
    EXTEND_AROUND = "extend-around"
    SQUARE = "square"
    RESTYLE = "restyle"
    CUTOUT = "cutout"


EXTENSIONS = {
    FollowUp.EXTEND_LEFT: "left",
    FollowUp.EXTEND_RIGHT: "right",
    FollowUp.EXTEND_UP: "up",
    FollowUp.EXTEND_DOWN: "down",
    FollowUp.EXTEND_AROUND: "around",
}
"""The side that each extension continues a picture at, as `Options.extend` has it."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a result's message offers; `pictures` are those to choose from.

    `kinds` are in their order; the same again and a deletion need no engine, so they stand apart.
    """

    pictures: int = 0
    can_edit: bool = False
    kinds: tuple[FollowUp, ...] = ()
