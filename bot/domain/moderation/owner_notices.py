"""What a server's owner is told once, and not again until it was mended in between."""

from enum import StrEnum


class OwnerNotice(StrEnum):
    """The names are kept with the server's settings, so none is ever renamed."""

    LOG_CLOSED = "owner told: log channel closed"
    NOBODY_TO_APPROVE = "owner told: nobody to approve"
