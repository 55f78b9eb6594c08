"""What `easel version` prints: this program's version, and those of what it runs on."""

import platform
from importlib.metadata import version

from storage import newest_schema

_PROGRAM, _LIBRARY = "easel-bot", "discord.py"  # as they are installed


def versions() -> str:
    """Return program, schema, Python and discord.py, in one line."""
    return (
        f"Easel {version(_PROGRAM)}, schema {newest_schema()}, "
        f"Python {platform.python_version()}, discord.py {version(_LIBRARY)}"
    )
