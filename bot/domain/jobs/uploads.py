"""What is refused of uploads whatever they hold, and which of several a refusal is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import NotPossible, OneOfNamedPictures, OneOfPictures
from bot.domain.jobs.limits import MAX_UPLOAD_BYTES
from bot.domain.pictures.errors import FileTooLarge


def check_upload_size(size: int) -> None:
    """Raise FileTooLarge for more bytes than an upload may have."""
    if size > MAX_UPLOAD_BYTES:
        raise FileTooLarge(size, MAX_UPLOAD_BYTES)


@contextmanager
def naming(number: int, count: int, name: str = "") -> Iterator[None]:
    """Say which of several pictures a refusal is about; `number` counts from 0."""
    try:
        yield
    except NotPossible as refusal:
        if count == 1:
            raise
        if name:
            raise OneOfNamedPictures(number=number + 1, name=name, why=refusal) from refusal
        raise OneOfPictures(number=number + 1, why=refusal) from refusal
