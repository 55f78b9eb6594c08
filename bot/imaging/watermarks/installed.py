"""Which marks are installed: entry points of the group `easel.watermark`.

Each is a callable `mark(picture, job_id) -> picture`: a Pillow picture in RGB or RGBA, upright and
without a label yet, and the job's id; what it returns has the same mode and size.
"""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from PIL import Image

from bot.domain.operator_errors import SettingsError

GROUP = "easel.watermark"
SETTING = "label.watermark"

Mark = Callable[[Image.Image, str], Image.Image]


def found(name: str) -> EntryPoint:
    """Return the entry point of that name; raises SettingsError where it is not there once."""
    there = entry_points(group=GROUP)
    named = [each for each in there if each.name == name]
    if len(named) == 1:
        return named[0]
    if named:
        packages = ", ".join(sorted(each.dist.name for each in named if each.dist))
        raise SettingsError(f"{SETTING}: several packages have it: {packages}; keep one of them")
    known = ", ".join(sorted(there.names)) or "none"
    raise SettingsError(
        f"{SETTING}: no installed package has it (entry points {GROUP}: {known}); install it "
        "where Easel is, correct the name, or leave it empty"
    )
