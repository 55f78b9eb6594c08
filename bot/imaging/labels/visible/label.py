"""Draws the visible label into a picture, and tells how much room it takes there."""

from collections.abc import Sequence

from PIL import Image

from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import USUAL_LABEL
from bot.imaging.labels.visible.lettering import Lettering, Size, lettering
from bot.imaging.labels.visible.placement import chosen, corner_box, unrest
from bot.imaging.labels.visible.plate import plate


def letters_of(size: Size, text: str) -> Lettering:
    """Return how a label is set in a picture; no text is no way around it."""
    return lettering(size, text.strip() or USUAL_LABEL)


def draw_label(picture: Image.Image, text: str, corner: Corner = Corner.BOTTOM_RIGHT) -> None:
    """Draw `text` on a plate in a corner of an RGB or RGBA picture, in place."""
    letters = letters_of(picture.size, text)
    box = corner_box(picture.size, letters, corner)
    picture.paste(plate(picture.crop(box), letters), box)


def calmest(pictures: Sequence[Image.Image], text: str) -> Corner:
    """Return the corner in which a label covers the fewest edges of all the pictures together."""
    edges = [unrest(each, each.size, letters_of(each.size, text)) for each in pictures]
    return chosen(None, edges, dict.fromkeys(Corner, 0))


def label_room(size: Size, text: str) -> int:
    """Return how many pixels to add below a picture so that its label has its place there."""
    room = 0
    while True:  # the label grows with the picture, which the room is a part of
        needed = letters_of((size[0], size[1] + room), text).room[1]
        if needed <= room:
            return room
        room = needed
