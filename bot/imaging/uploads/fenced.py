"""The child process behind `Fence`: limits itself, then reads one picture after another.

In frames: what to do as JSON, then the file. Out: an empty one once ready, then per picture an
answer as JSON and, where it was to be fitted ({"fit": its limits}), the JPEG; for all that it tells
({"inspect": {}}), an empty one.
"""

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import PictureLimits
from bot.imaging.frames import receive, send
from bot.imaging.provenance.inspecting import as_answer, inspect
from bot.imaging.uploads.fit import fit

if sys.platform != "win32":
    import resource

_OPEN_FILES = 32
_NICENESS = 5  # a quarter of a busy core, so that no picture takes longer than it may
_AUTOGROUP = Path("/proc/self/autogroup")


def main(memory_mb: int, cpu_s: int) -> None:
    """Serve pictures until stdin closes; `memory_mb` in MiB, `cpu_s` per picture."""
    _fence_in(memory_mb)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    send(sink, b"")
    while (task := receive(source)) is not None:
        data = receive(source)
        if data is None:
            return
        _allow_cpu(cpu_s)
        answer, fitted = _answer(data, json.loads(task))
        send(sink, json.dumps(answer).encode())
        send(sink, fitted)


def _answer(data: bytes, task: Mapping[str, Any]) -> tuple[dict[str, object], bytes]:
    """Read one picture; anything but a refusal, such as a lack of memory, ends the process."""
    try:
        if "inspect" in task:
            return {"inspection": as_answer(inspect(data))}, b""
        picture = fit(data, PictureLimits(**task["fit"]))
    except NotPossible as refusal:
        return {"refusal": refusal.code, "facts": refusal.facts}, b""
    said = {"mime": picture.mime, "width": picture.width, "height": picture.height}
    return said, picture.data


def _fence_in(memory_mb: int) -> None:
    if sys.platform == "win32":
        return
    _give_way()
    for limit, most in (
        (resource.RLIMIT_AS, memory_mb * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit on address space
            resource.setrlimit(limit, (allowed, allowed))


def _give_way() -> None:
    """Be nice: an upload can wait, the event loop beside us has three seconds for a member."""
    os.nice(_NICENESS)
    # Linux weighs a session of its own, as this is, against the others by another number.
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(_NICENESS), "ascii")


def _allow_cpu(seconds: int) -> None:
    """Raise the soft limit over what is used up; at the limit the kernel ends the process."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
