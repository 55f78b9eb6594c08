"""Certificates as an operator has them: made, wrong, looked at, or without the extra."""

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.domain.labels.credentials import Standing
from bot.imaging.credentials.reading import read_credentials
from tests.imaging.credentials.kept import Kept, keep
from tests.whole.process import ROOT, Ended, easel

WITHOUT = "pip install 'easel-bot[c2pa]'"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = keep(tmp_path)
    kept.files.key.chmod(0o600)
    return kept


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation without the extra."""
    folder = tmp_path / "none"
    for name in ("c2pa", "cryptography"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise ImportError('not installed')\n")
    return {"PYTHONPATH": f"{folder}:{ROOT}"}


async def doctor(stand_ins: StandIns, folder: Path, variables: Mapping[str, str]) -> Ended:
    ended = await easel(folder, {**stand_ins.variables(folder), **variables}, "doctor")
    stand_ins.tencent.faults.clear()  # the probes are wrong on purpose
    return ended


async def test_a_new_certificate_signs_the_demos_pictures(tmp_path: Path) -> None:
    made = await easel(tmp_path, {}, "certificate", "new", "--out", "keys")
    assert made.code == 0
    assert "readers will call its signer unknown or untrusted" in made.out
    key = tmp_path / "keys" / "c2pa-key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()

    again = await easel(tmp_path, {}, "certificate", "new", "--out", "keys")
    assert (again.code, again.out) == (1, "")
    assert again.err.strip() == (
        "keys/c2pa-chain.pem cannot be made (there is one already). Name another folder with --out."
    )
    assert key.read_bytes() == before

    # As they were printed: relative to where the demo is started, which the bot's folder is not.
    variables = {"EASEL_C2PA_CERT": "keys/c2pa-chain.pem", "EASEL_C2PA_KEY": "keys/c2pa-key.pem"}
    played = await easel(tmp_path, variables, "demo", "--once", "--out", "pictures")
    assert played.code == 0, played.err
    pictures = [path for path in (tmp_path / "pictures").iterdir() if path.suffix != ".json"]
    assert len(pictures) == 2
    for picture in pictures:
        found = read_credentials(picture.read_bytes())
        assert found is not None
        assert (found.standing, found.signer) == (Standing.INTACT, "Easel, self-signed")


@pytest.mark.parametrize("command", [("run",), ("demo", "--once"), ("demo", "--port", "0")])
async def test_a_wrong_certificate_is_said_at_the_start(
    stand_ins: StandIns, tmp_path: Path, kept: Kept, command: tuple[str, ...]
) -> None:
    kept.files.key.write_text("secret")
    variables = {**stand_ins.variables(tmp_path), **kept.variables}
    ended = await easel(tmp_path, variables, *command)
    assert (ended.code, ended.err.strip()) == (
        2,
        "EASEL_C2PA_KEY: holds no private key that can be read; it needs one as PEM, PKCS #8",
    )


async def test_one_variable_without_the_other_is_no_setting(tmp_path: Path, kept: Kept) -> None:
    ended = await easel(tmp_path, {"EASEL_C2PA_CERT": str(kept.files.chain)}, "usage")
    assert (ended.code, ended.err.strip()) == (
        2,
        "EASEL_C2PA_CERT: set it and EASEL_C2PA_KEY both, or neither",
    )


async def test_without_the_extra_one_sentence_says_how_to_get_it(
    stand_ins: StandIns, tmp_path: Path, kept: Kept, without: dict[str, str]
) -> None:
    made = await easel(tmp_path, without, "certificate", "new")
    assert (made.code, made.out) == (1, "")
    assert WITHOUT in made.err
    assert made.err.count("\n") == 1

    variables = {**stand_ins.variables(tmp_path), **kept.variables, **without}
    ended = await easel(tmp_path, variables, "run")
    assert ended.code == 2
    assert ended.err.startswith("EASEL_C2PA_CERT: is set, and this installation has no C2PA")
    assert WITHOUT in ended.err
    assert ended.err.count("\n") == 1

    checked = await doctor(stand_ins, tmp_path, without)
    assert checked.code == 0
    assert "✓ signing " in checked.out


async def test_the_doctor_signs_a_picture_and_asks_the_timestamp_server(
    stand_ins: StandIns, tmp_path: Path, kept: Kept
) -> None:
    (tmp_path / "easel.toml").write_text('[label]\ntimestamp = "http://127.0.0.1:9/"\n')
    kept.files.key.chmod(0o644)
    ended = await doctor(stand_ins, tmp_path, kept.variables)
    assert ended.code == 0, ended.out
    assert "EASEL_C2PA_KEY: others on this machine may read the key; chmod 600 it" in ended.out
    lines = ended.out.splitlines()
    [signing] = [line for line in lines if line.startswith("✓ signing")]
    assert "results are signed, until " in signing
    [server] = [line for line in lines if line[2:].startswith("timestamp")]
    assert server.startswith("!")
    assert "results are signed without until there is one" in server

    kept.files.chain.write_text("")
    (tmp_path / "easel.toml").write_text("")
    ended = await doctor(stand_ins, tmp_path, kept.variables)
    assert ended.code == 1
    [signing] = [line for line in ended.out.splitlines() if line.startswith("✗ signing")]
    assert "EASEL_C2PA_CERT: holds no certificate" in signing


async def test_a_timestamp_server_without_a_certificate_is_set_for_nothing(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[label]\ntimestamp = "http://127.0.0.1:9/"\n')
    ended = await doctor(stand_ins, tmp_path, {})
    assert ended.code == 0
    assert "label.timestamp is set for nothing: EASEL_C2PA_CERT is not" in ended.out


@pytest.mark.parametrize("address", ["timestamp.example.com", "ftp://example.com", "http://a b"])
async def test_a_timestamp_server_is_an_address(tmp_path: Path, address: str) -> None:
    (tmp_path / "easel.toml").write_text(f'[label]\ntimestamp = "{address}"\n')
    ended = await easel(tmp_path, {}, "usage")
    assert ended.code == 2
    assert ended.err.startswith("easel.toml: label.timestamp: is not written in the form")
    assert "http://timestamp.example.com" in ended.err
