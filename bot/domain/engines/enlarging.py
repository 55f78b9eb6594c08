"""How far a picture may be enlarged: by a factor such as "2x", or to a long side such as "4096"."""

import re

_FACTOR = re.compile(r"([0-9]{1,2})x")
_USUAL = "2x"


def factor_of(size: str) -> int | None:
    """Return the factor of a size such as "2x", None for a long side in pixels."""
    found = _FACTOR.fullmatch(size)
    return int(found[1]) if found else None


def enlarged(size: str, long_side: int) -> int:
    """Return the long side, in pixels, that a picture gets."""
    factor = factor_of(size)
    return int(size) if factor is None else long_side * factor


def size_for(wanted: str | None, long_side: int, limit: int) -> str | None:
    """Return the size to ask for: the one wanted, else twice the picture or as far as it goes.

    None where the picture is as large as it can get already.
    """
    if wanted is not None:
        return wanted if long_side < enlarged(wanted, long_side) <= limit else None
    if long_side >= limit:
        return None
    return _USUAL if enlarged(_USUAL, long_side) <= limit else str(limit)
