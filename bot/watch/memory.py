"""Keeps a process that runs for months small."""

import ctypes
import importlib
import sys
from typing import Any

# <malloc.h> of glibc.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_LARGE_BYTES = 64 * 1024
_ARENAS = 2


def give_large_blocks_back() -> None:
    """Let large blocks go back to the system as soon as they are freed; glibc only.

    By itself glibc keeps blocks of up to 32 MB for later once it has seen one of that size freed,
    and more so for each thread. To be called before the first thread starts.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none, and does so by itself
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_ARENA_MAX, _ARENAS)


def leave_out_command_lines() -> None:
    """Keep httpx and structlog from loading rich and pygments: 9 MB (measured).

    Both do without what cannot be imported. To be called before either is.
    """
    nothing: Any = None  # what Python takes for "not to be had"
    sys.modules.setdefault("httpx._main", nothing)
    if "rich" in sys.modules:
        return
    sys.modules["rich"] = nothing
    try:
        importlib.import_module("structlog")
    finally:
        del sys.modules["rich"]  # tables and tracebacks of the command line may want it later
