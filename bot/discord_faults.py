"""Says which of Discord's refusals no later try will change."""

from http import HTTPStatus

import discord


def status_of(error: Exception) -> int | None:
    """Return the HTTP status of Discord's answer, None where there was none."""
    return error.status if isinstance(error, discord.HTTPException) else None


def is_final(error: Exception) -> bool:
    """Whether Discord answered, and not that it is broken or asked too often."""
    status = status_of(error)
    if status is None or status == HTTPStatus.TOO_MANY_REQUESTS:
        return False
    return status < HTTPStatus.INTERNAL_SERVER_ERROR
