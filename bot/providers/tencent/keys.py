"""The cloud account's API key in force: the one read at the start, or a newer one."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key of the cloud account; `token` goes with temporary keys only.

    Raises ValueError for a key that no HTTP header can carry, such as one with a line break.
    """

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in (("id", self.secret_id), ("token", self.token or "")):
            if not value.isascii() or not value.isprintable() or value != value.strip():
                raise ValueError(f"the secret {name} has characters that no API key has")


class Keys:
    """`read` looks the key up anew, for keys that are rotated or temporary; None: there is none."""

    def __init__(
        self, credentials: Credentials, read: Callable[[], Credentials | None] | None = None
    ) -> None:
        self.current = credentials
        self._read = read

    def renew(self, refused: Credentials) -> bool:
        """Tell whether there is another key than the refused one by now, looking it up if need be.

        A change that is half written counts as none: the next refusal looks again.
        """
        if self.current == refused and self._read is not None:
            try:
                self.current = self._read() or self.current
            except Exception as error:  # noqa: BLE001 - settings of the moment may be anything
                _log.warning("keys_unread", reason=type(error).__name__)
        return self.current != refused
