"""Failed connections are told in words, never by a class's name or an address."""

import socket
import ssl

import asyncpg
import pytest
from aiohttp import ClientConnectorDNSError, ClientConnectorError
from aiohttp.client_reqrep import ConnectionKey
from sqlalchemy.exc import OperationalError

from bot.domain.wording.unreachable import why_unreachable

PLACE = ConnectionKey(
    "db.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)
NO_NAME = socket.gaierror(-2, "Name or service not known")
REFUSED = ConnectionRefusedError(111, "Connect call failed ('db.example', 5432)")


class Answered(Exception):
    status = 503


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NO_NAME, "its host name cannot be resolved"),
        (ClientConnectorDNSError(PLACE, NO_NAME), "its host name cannot be resolved"),
        (ClientConnectorError(PLACE, REFUSED), "nothing listens there"),
        (OperationalError("SELECT 1", {}, REFUSED), "nothing listens there"),
        (ssl.SSLCertVerificationError("db.example"), "its certificate or TLS is not accepted"),
        (ConnectionResetError("db.example"), "the connection was closed"),
        (TimeoutError(), "no answer came in time"),
        (asyncpg.InvalidPasswordError("for user db.example"), "the user or password is refused"),
        (asyncpg.InvalidCatalogNameError("db.example"), "there is no database of that name"),
        (asyncpg.TooManyConnectionsError(), "it has no room for another connection"),
        (asyncpg.CannotConnectNowError(), "it is still starting"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (Answered(), "it answers with HTTP status 503"),
        (RuntimeError("db.example"), "unexpected: RuntimeError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_why_something_cannot_be_reached_is_told_in_words(error: Exception, why: str) -> None:
    assert why_unreachable(error) == why
    assert "db.example" not in why_unreachable(error)
