"""Signatures are timestamped while the server answers, and wait for a silent one once."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.labels.credentials import Standing
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.credentials.timestamps import Timestamps
from bot.imaging.labels.finish import Labeller
from tests.imaging import corpus
from tests.imaging.credentials.kept import LABEL, keep, signer
from tests.imaging.credentials.timestamping import on_openssl, timestamp_server

RAW = corpus.saved("PNG")


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@on_openssl
def test_what_is_signed_has_the_servers_time(tmp_path: Path) -> None:
    with timestamp_server(tmp_path) as (address, asked):
        seal = signer(keep(tmp_path), timestamp=address).seal(LABEL)
        with capture_logs() as logs:
            data = Labeller(RAW, LABEL, seal).within(float("inf")).data
    assert (logs, len(asked)) == ([], 1)
    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT
    assert found.signed_at is not None


def closed() -> str:
    """The address of a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_what_a_silent_server_gives_no_time_for_is_signed_without(tmp_path: Path) -> None:
    by = signer(keep(tmp_path), timestamp=closed())
    with capture_logs() as logs:
        for _ in range(2):
            data = Labeller(RAW, LABEL, by.seal(LABEL)).within(float("inf")).data
            found = read_credentials(data)
            assert found is not None
            assert (found.standing, found.signed_at) == (Standing.INTACT, None)
    assert [each["event"] for each in logs] == ["timestamp_server_silent"]
    assert by.why_no_timestamp() is not None


def test_a_server_that_never_answers_is_waited_for_once_and_asked_again_later(
    tmp_path: Path, mute: str
) -> None:
    by = signer(keep(tmp_path), timestamp=mute)
    passed, asked = 0.0, []

    def sign(server: str) -> bytes:
        asked.append(server)
        return by._probed(by._identity.newest(), server)  # noqa: SLF001 - the call that hangs

    timestamps = Timestamps(mute, lambda: passed, wait_s=0.2)
    with capture_logs() as logs:
        for _ in range(3):
            assert read_credentials(timestamps.used(sign)) is not None
        assert asked == [mute, "", "", ""]
        passed = 301.0
        timestamps.used(sign)
        assert asked[4:] == [mute, ""]
    assert [each["reason"] for each in logs] == ["no answer in 0.2 s"] * 2


def test_a_fault_of_ones_own_is_not_blamed_on_the_server() -> None:
    def sign(_: str) -> bytes:
        raise ValueError("ours")

    timestamps = Timestamps("http://127.0.0.1:9/", lambda: 0.0)
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(ValueError, match="ours"):
                timestamps.used(sign)
    assert logs == []


def test_without_a_server_nobody_is_asked() -> None:
    def sign(server: str) -> bytes:
        return server.encode()

    used: Callable[[Callable[[str], bytes]], bytes] = Timestamps("", lambda: 0.0).used
    assert used(sign) == b""
