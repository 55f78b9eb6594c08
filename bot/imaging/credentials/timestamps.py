"""Asks a timestamp server for each signature, and does without one that does not answer."""

import threading
from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)

_WAIT_S = 3.0  # the library itself would wait for 30 (measured)
_REST_S = 300.0


class NoTimestamp(Exception):
    """The server gave none in time."""


class Timestamps:
    """Signs with the server's word while it answers; "" for `server`: always without.

    A native call cannot be interrupted, so it has a thread of its own, which is left to itself when
    it takes too long; meanwhile, and for five minutes, the server is not asked.
    """

    def __init__(
        self, server: str, monotonic: Callable[[], float], wait_s: float = _WAIT_S
    ) -> None:
        self._server = server
        self._monotonic = monotonic
        self._wait_s = wait_s
        self._rests_until = float("-inf")

    def used(self, sign: Callable[[str], bytes]) -> bytes:
        """Return what `sign` makes with the server's address, else with none."""
        if not self._server or self._monotonic() < self._rests_until:
            return sign("")
        try:
            return self._in_time(sign)
        except NoTimestamp as error:
            signed = sign("")  # if this fails, too, it is not the server's fault
            self._rests_until = self._monotonic() + _REST_S
            _log.warning("timestamp_server_silent", reason=str(error), rests_s=_REST_S)
            return signed

    def why_silent(self, sign: Callable[[str], bytes]) -> str | None:
        """Return why the server gave no timestamp now; None where it did."""
        try:
            self._in_time(sign)
        except NoTimestamp as error:
            return str(error)
        return None

    def _in_time(self, sign: Callable[[str], bytes]) -> bytes:
        made: list[bytes] = []
        faults: list[Exception] = []

        def work() -> None:
            try:
                made.append(sign(self._server))
            except Exception as error:  # noqa: BLE001 - told by whoever waits
                faults.append(error)

        thread = threading.Thread(target=work, name="timestamp", daemon=True)
        thread.start()
        thread.join(self._wait_s)
        if made:
            return made[0]
        raise NoTimestamp(str(faults[0]) if faults else f"no answer in {self._wait_s:g} s")
