"""The one corner in which all pictures of a job carry their label."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from PIL import Image

from bot.domain.errors import NotPossible
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import Label
from bot.imaging.labels.result_reader import decode_small
from bot.imaging.labels.visible.label import letters_of
from bot.imaging.labels.visible.lettering import Size
from bot.imaging.labels.visible.placement import chosen, covered, unrest

_ENOUGH_PX = 550  # of the longer side, to see where edges are

Survey = tuple[Mapping[Corner, float], Mapping[Corner, int]]
"""What a label would cover in each corner: edges, and pixels of the provider's own mark."""


class JobCorner:
    """Looks at the pictures once, and only where something is left to choose.

    A job of one picture pays for no decoding: the picture is there already when it is asked for.
    """

    def __init__(self, label: Label, raws: Sequence[bytes]) -> None:
        self._label = label
        self._raws = raws
        self._corner: Corner | None = None

    def of(self, raw: bytes, decoded: Image.Image) -> Corner:
        """Return the corner; `decoded` is what is in `raw`, the first picture that is labelled."""
        if self._corner is None:
            self._corner = self._choose(raw, decoded)
        return self._corner

    def _choose(self, raw: bytes, decoded: Image.Image) -> Corner:
        label = self._label
        if label.corner is not None and label.marked is None:
            return label.corner
        surveys = [_survey(decoded, decoded.size, label), *self._others(raw)]
        covers = {corner: sum(each[1][corner] for each in surveys) for corner in Corner}
        return chosen(label.corner, [edges for edges, _ in surveys], covers)

    def _others(self, raw: bytes) -> Iterator[Survey]:
        for other in self._raws:
            if other is raw:
                continue
            with suppress(NotPossible):  # who labels it says so
                yield _survey(*decode_small(other, _ENOUGH_PX), self._label)


def _survey(picture: Image.Image, size: Size, label: Label) -> Survey:
    """Look at a picture of that size, or at a smaller copy of it."""
    letters = letters_of(size, label.text)
    return unrest(picture, size, letters), covered(size, letters, label.marked)
