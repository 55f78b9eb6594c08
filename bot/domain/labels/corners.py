"""Where in a picture its label may stand, and where another mark does."""

from enum import StrEnum


class Corner(StrEnum):
    """A corner of a picture."""

    BOTTOM_RIGHT = "bottom right"
    BOTTOM_LEFT = "bottom left"
    TOP_RIGHT = "top right"
    TOP_LEFT = "top left"


Rect = tuple[int, int, int, int]
"""An area of a picture: x and y of its upper left corner, width and height, in pixels."""
