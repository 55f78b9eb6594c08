"""The child process behind `Watermark`: loads one mark, and puts it into picture after picture.

In frames: mode, size and job id as JSON, then the pixels. Out: an answer as JSON once loaded, then
one per picture and, unless it tells of a fault, the pixels.
"""

import json
import os
import sys
from typing import Any

from PIL import Image

from bot.imaging.frames import receive, send
from bot.imaging.watermarks.installed import Mark, found

_MOST_CHARS = 300  # of what went wrong


def main(name: str) -> None:
    """Serve pictures until stdin closes."""
    source = sys.stdin.buffer
    # What a mark prints goes beside the answers, not among them.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        mark: Mark = found(name).load()
    except Exception as error:  # noqa: BLE001 - told by whoever set it
        fault = f"{type(error).__name__}: {error}"[:_MOST_CHARS]
        send(sink, json.dumps({"fault": fault}).encode())
        return
    send(sink, b"{}")
    while (said := receive(source)) is not None:
        pixels = receive(source)
        if pixels is None:
            return
        fault, marked = _answer(mark, json.loads(said), pixels)
        if fault:
            send(sink, json.dumps({"fault": fault[:_MOST_CHARS]}).encode())
        else:
            send(sink, b"{}")
            send(sink, marked)


def _answer(mark: Mark, said: dict[str, Any], pixels: bytes) -> tuple[str, bytes]:
    """Return what went wrong, "" if nothing did, and the marked pixels."""
    mode, (width, height) = said["mode"], said["size"]
    size = (width, height)
    try:
        picture = mark(Image.frombytes(mode, size, pixels), said["job_id"])
        if (picture.mode, picture.size) != (mode, size):
            return f"it made {picture.mode} {picture.size} of {mode} {size}", b""
        return "", picture.tobytes()
    except Exception as error:  # noqa: BLE001 - anything may be wrong with somebody else's code
        return f"{type(error).__name__}: {error}", b""


if __name__ == "__main__":
    main(sys.argv[1])
