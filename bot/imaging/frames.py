"""What a child process and its parent tell each other, in frames over a pipe.

A frame is a length (4 bytes, big-endian) and that many bytes.
"""

import struct
from typing import BinaryIO

HEADER = struct.Struct(">I")
"""The length, for whoever writes and reads without waiting."""


def receive(source: BinaryIO) -> bytes | None:
    """Return the next frame, None where the pipe ends before or within it."""
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    data = source.read(length)
    return data if len(data) == length else None


def send(sink: BinaryIO, frame: bytes) -> None:
    """Write a frame at once; raises OSError."""
    sink.write(HEADER.pack(len(frame)) + frame)
    sink.flush()
