"""The number that a person's rows stand under once they are erased.

Whoever has the database alone cannot tell whose it is; whoever has the key, too, can test a known
id. So an erased person keeps their limits, and nobody is named.
"""

import hmac
from collections.abc import Callable

AliasOf = Callable[[int], int]
"""Returns a person's alias, under the key of this installation."""

_BYTES = 8  # of HMAC-SHA256's 32: what a database's whole number holds
LEAST_KEY_BYTES = 32


def alias_of(key: bytes, user_id: int) -> int:
    """Return a person's alias: always below zero, where no id of Discord is."""
    digest = hmac.digest(key, str(user_id).encode(), "sha256")
    return -1 - (int.from_bytes(digest[:_BYTES], "big") >> 1)


def is_alias(user_id: int) -> bool:
    """Tell whether a number stands for somebody who was erased."""
    return user_id < 0


def check_of(key: bytes) -> str:
    """Return what tells two keys apart, and nothing of either."""
    return hmac.digest(key, b"which key", "sha256").hex()[:16]
