"""Destinations that only differ by who waits, and until when they can be told."""

import time

from bot.domain.jobs.job import Destination


def to(user_id: int = 1, *, token_s: float = 900.0) -> Destination:
    return Destination(
        guild_id=1,
        channel_id=2,
        user_id=user_id,
        application_id=3,
        message_id=4,
        token="token",
        token_expires_at=time.time() + token_s,
        filesize_limit=10,
    )
