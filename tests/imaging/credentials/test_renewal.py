"""A renewed certificate is taken with the next picture; a broken one is said once."""

import time
from pathlib import Path

from structlog.testing import capture_logs

from bot.imaging.credentials.own_chain import VALID_DAYS, own_chain
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.credentials.signing import Signer
from bot.imaging.labels.finish import Labeller
from tests.imaging import corpus
from tests.imaging.credentials.kept import LABEL, Kept, keep

RAW = corpus.saved("PNG")


class Ticks:
    """A clock that stands still until a test moves it, in seconds."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def now(self) -> float:
        return time.time() + self.passed


def opened(kept: Kept, ticks: Ticks) -> Signer:
    return Signer(kept.files, timestamp="", now=ticks.now, monotonic=ticks.monotonic)


def signed_by(by: Signer) -> str | None:
    found = read_credentials(Labeller(RAW, LABEL, by.seal(LABEL)).within(float("inf")).data)
    return found.signer if found else None


def test_the_next_picture_is_signed_with_the_new_certificate(tmp_path: Path) -> None:
    by = opened(keep(tmp_path), Ticks())
    assert signed_by(by) == "Atelier Ada"
    keep(tmp_path, own_chain("Atelier Bob", time.time()))
    with capture_logs() as logs:
        assert [signed_by(by), signed_by(by)] == ["Atelier Bob"] * 2
    assert [each["event"] for each in logs] == ["certificate_renewed"]


def test_a_renewal_that_is_half_written_or_wrong_keeps_the_old_one_and_is_said_once(
    tmp_path: Path,
) -> None:
    ticks = Ticks()
    kept = keep(tmp_path)
    by = opened(kept, ticks)
    new = own_chain("Atelier Bob", time.time())
    kept.files.chain.write_bytes(new.chain)
    with capture_logs() as logs:
        assert [signed_by(by) for _ in range(3)] == ["Atelier Ada"] * 3
        ticks.passed += 120
        assert signed_by(by) == "Atelier Ada"
    assert [(each["event"], each["log_level"]) for each in logs] == [
        ("certificate_not_renewed", "error")
    ]
    assert "EASEL_C2PA_KEY: belongs to none" in logs[0]["reason"]
    kept.files.key.write_bytes(new.key)
    assert signed_by(by) == "Atelier Bob"


def test_files_that_went_away_keep_the_old_one_until_they_are_back(tmp_path: Path) -> None:
    kept = keep(tmp_path)
    by = opened(kept, Ticks())
    kept.files.key.unlink()
    with capture_logs() as logs:
        assert [signed_by(by), signed_by(by)] == ["Atelier Ada"] * 2
    assert [each["reason"] for each in logs] == [
        "EASEL_C2PA_KEY: there is no such file; correct the name, or unset the variable"
    ]
    keep(tmp_path, own_chain("Atelier Bob", time.time()))
    assert signed_by(by) == "Atelier Bob"


def test_a_certificate_that_ended_leaves_pictures_unsigned_and_says_so_for_each(
    tmp_path: Path,
) -> None:
    ticks = Ticks()
    by = opened(keep(tmp_path), ticks)
    ticks.passed += VALID_DAYS * 86400
    with capture_logs() as logs:
        assert [signed_by(by), signed_by(by)] == [None, None]
    assert [(each["event"], each["job"]) for each in logs] == [("picture_not_signed", "job-1")] * 2
    assert logs[0]["reason"].startswith("EASEL_C2PA_CERT: expired; ")
