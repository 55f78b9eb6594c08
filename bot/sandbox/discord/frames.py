"""How a gateway frame goes over its websocket: as JSON, compressed as asked, or odd as it is."""

import importlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord.world.people import JSON

Frame = str | bytes


@dataclass(frozen=True, slots=True)
class Odd:
    """A frame that Discord would not send: text is compressed as any, bytes go as they are."""

    data: Frame


def encoder(compress: str) -> Callable[[JSON | Odd], Frame]:
    """Make frames as the `compress` query asked: one compressor lives as long as its connection."""
    write = _writer(compress)

    def encode(frame: JSON | Odd) -> Frame:
        if not isinstance(frame, Odd):
            return write(json.dumps(frame))
        return write(frame.data) if isinstance(frame.data, str) else frame.data

    return encode


def _writer(compress: str) -> Callable[[str], Frame]:
    if compress == "zlib-stream":
        stream = zlib.compressobj()
        return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)
    return _zstd_writer() if compress == "zstd-stream" else str


def _zstd_writer() -> Callable[[str], Frame]:
    try:
        zstd: Any = importlib.import_module("compression.zstd")  # Python 3.14 and newer
    except ModuleNotFoundError:
        zstandard: Any = importlib.import_module("zstandard")
        stream = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda text: stream.compress(text.encode()) + stream.flush(block)
    newer = zstd.ZstdCompressor()
    return lambda text: newer.compress(text.encode(), mode=newer.FLUSH_BLOCK)
