"""How a picture came to be, in the three ways that its label tells apart."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Origin(StrEnum):
    """What made a picture: a model from words, a model from a person's picture, or no model."""

    GENERATED = "generated"
    MODIFIED = "modified"
    DRAWN = "drawn"

    @property
    def is_ai(self) -> bool:
        """Whether a model had a part in it."""
        return self is not Origin.DRAWN

    @property
    def source_type(self) -> str:
        """The IPTC term for it, as the address that stands in metadata."""
        return _SOURCE_TYPES[self]


# (IPTC NewsCodes, digital source type, 2025-09)
_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SOURCE_TYPES: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.GENERATED: f"{_TERMS}trainedAlgorithmicMedia",
        Origin.MODIFIED: f"{_TERMS}compositeWithTrainedAlgorithmicMedia",
        Origin.DRAWN: f"{_TERMS}algorithmicMedia",
    }
)


def origin_of(*, is_modified: bool, is_drawn: bool) -> Origin:
    """Return the origin of a result; `is_drawn`: its engine has no model."""
    if is_drawn:
        return Origin.DRAWN
    return Origin.MODIFIED if is_modified else Origin.GENERATED
