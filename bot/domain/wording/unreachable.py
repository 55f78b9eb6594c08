"""Why something cannot be reached, in words for who runs the bot instead of a class's name.

Addresses are never named: drivers quote them with the password.
"""

import socket
import ssl
from collections.abc import Iterator

_OF_KIND = (
    (socket.gaierror, "its host name cannot be resolved"),
    (ssl.SSLError, "its certificate or TLS is not accepted"),
    (ConnectionRefusedError, "nothing listens there"),
    (ConnectionError, "the connection was closed"),
    (TimeoutError, "no answer came in time"),
)
# Classes of SQLSTATE and single codes (PostgreSQL 17, appendix A).
_OF_SQLSTATE = (
    ("28", "the user or password is refused"),
    ("3D", "there is no database of that name"),
    ("53", "it has no room for another connection"),
    ("57P03", "it is still starting"),
)


def why_unreachable(error: BaseException) -> str:
    """Return what is known of a failed connection, such as "nothing listens there"."""
    return next(filter(None, map(_why, _chain(error))), f"unexpected: {type(error).__name__}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield what libraries wrapped, innermost first: it is the system's own word."""
    within = [getattr(error, name, None) for name in ("os_error", "certificate_error", "orig")]
    # httpcore says `from None`, and still nobody else knows why.
    for inner in (*within, error.__cause__ or error.__context__):
        if isinstance(inner, BaseException):
            yield from _chain(inner)
    yield error


def _why(error: BaseException) -> str:
    status, sqlstate = getattr(error, "status", None), getattr(error, "sqlstate", None)
    if isinstance(status, int):
        return f"it answers with HTTP status {status}"
    for code, why in _OF_SQLSTATE:
        if str(sqlstate or "").startswith(code):
            return why
    for kind, why in _OF_KIND:
        if isinstance(error, kind):
            return why
    return error.strerror or "" if isinstance(error, OSError) else ""
