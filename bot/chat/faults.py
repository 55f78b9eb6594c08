"""Says which of Discord's refusals no later try will change."""

from http import HTTPStatus

import discord

_OF_MESSAGE = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
_NOT_THIS_INTERACTION = 50027  # "Invalid Webhook Token": its own is over (Discord docs, 2026-08)


def status_of(error: Exception) -> int | None:
    """Return the HTTP status of Discord's answer, None where there was none."""
    return error.status if isinstance(error, discord.HTTPException) else None


def is_of_message(error: Exception) -> bool:
    """Whether Discord refused this very message, where another one may be taken."""
    return status_of(error) in _OF_MESSAGE


def is_final(error: Exception) -> bool:
    """Whether Discord answered, and not that it is broken, asked too often or knows no such bot.

    A bot whose token was reset will have another one: what it could not show waits for that.
    """
    if not isinstance(error, discord.HTTPException):
        return False
    if error.status == HTTPStatus.UNAUTHORIZED:
        return error.code == _NOT_THIS_INTERACTION
    is_busy = error.status == HTTPStatus.TOO_MANY_REQUESTS
    return not is_busy and error.status < HTTPStatus.INTERNAL_SERVER_ERROR
