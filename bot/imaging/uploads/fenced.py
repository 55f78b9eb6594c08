"""The child process behind `Fence`: limits itself, then reads one picture after another.

Frames go both ways as a length (4 bytes, big-endian) and that many bytes. In: what to do as JSON,
then the file. Out: an empty frame once ready, then per picture an answer as JSON and, where it was
to be fitted ({"fit": its limits}), the JPEG; for its credentials ({"credentials": {}}) or for all
that it tells ({"inspect": {}}), nothing.
"""

import contextlib
import json
import os
import struct
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import PictureLimits
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.provenance.inspecting import as_answer, inspect
from bot.imaging.uploads.fit import fit

if sys.platform != "win32":
    import resource

_HEADER = struct.Struct(">I")
_OPEN_FILES = 32
_NICENESS = 5  # a quarter of a busy core, so that no picture takes longer than it may
_AUTOGROUP = Path("/proc/self/autogroup")


def main(memory_mb: int, cpu_s: int) -> None:
    """Serve pictures until stdin closes; `memory_mb` in MiB, `cpu_s` per picture."""
    _fence_in(memory_mb)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, b"")
    while (task := _receive(source)) is not None:
        data = _receive(source)
        if data is None:
            return
        _allow_cpu(cpu_s)
        answer, fitted = _answer(data, json.loads(task))
        _send(sink, json.dumps(answer).encode())
        _send(sink, fitted)


def _answer(data: bytes, task: Mapping[str, Any]) -> tuple[dict[str, object], bytes]:
    """Read one picture; anything but a refusal, such as a lack of memory, ends the process."""
    try:
        if "credentials" in task:
            found = read_credentials(data)
            return {"credentials": asdict(found) if found else None}, b""
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


def _receive(source: BinaryIO) -> bytes | None:
    header = source.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    data = source.read(length)
    return data if len(data) == length else None


def _send(sink: BinaryIO, frame: bytes) -> None:
    sink.write(_HEADER.pack(len(frame)) + frame)
    sink.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
