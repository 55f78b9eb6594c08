"""Keeps a process that runs for months small."""

import ctypes
import gc
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


def leave_out_of_collections() -> None:
    """Let the collector pass over all that is loaded by now: it stays, and a walk takes 100 ms.

    httpx loads what it runs on with its first request, which would stop the loop for 30 ms then.
    """
    importlib.import_module("anyio._backends._asyncio")
    gc.collect()
    gc.freeze()


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
