"""What was read in a picture's file, before anything is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.labels.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file's fingerprint and marks; texts are the file's own words, "" where it has none.

    `likeness` is None where the pixels could not be read. `aigc` is the TC260 label. `generators`
    are names by the traces that they leave. `credentials` are None where there are none, or where
    they could not be read: then `has_credentials` says whether there are any.
    """

    sha256: bytes
    likeness: int | None = None
    detail: int = 0
    source_type: str = ""
    system: str = ""
    system_version: str = ""
    aigc: Mapping[str, str] = field(default_factory=dict)
    generators: tuple[str, ...] = ()
    credentials: Credentials | None = None
    has_credentials: bool = False
