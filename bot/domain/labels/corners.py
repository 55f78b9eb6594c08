"""Where in a picture its label may stand."""

from enum import StrEnum


class Corner(StrEnum):
    """A corner of a picture."""

    BOTTOM_RIGHT = "bottom right"
    BOTTOM_LEFT = "bottom left"
    TOP_RIGHT = "top right"
    TOP_LEFT = "top left"
