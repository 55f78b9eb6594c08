"""Certificate files that cannot sign are one clear sentence, which never shows what is in them."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa

from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.identity import read_identity
from bot.imaging.credentials.own_chain import VALID_DAYS, own_chain
from tests.imaging.credentials.kept import Kept, keep, signer

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)


def encrypted(kept: Kept) -> None:
    key = serialization.load_pem_private_key(kept.chain.key, password=None)
    kept.files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"word"),
        )
    )


def of_dsa(kept: Kept) -> None:
    kept.files.key.write_bytes(
        dsa.generate_private_key(2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def in_wrong_order(kept: Kept) -> None:
    own, issuer = _PEM.findall(kept.chain.chain)
    kept.files.chain.write_bytes(issuer + own)


def with_a_gap(kept: Kept) -> None:
    own, _ = _PEM.findall(kept.chain.chain)
    kept.files.chain.write_bytes(own + kept.chain.root)


def swapped(kept: Kept) -> None:
    kept.files.chain.write_bytes(kept.chain.key)
    kept.files.key.write_bytes(kept.chain.chain)


def of_another(kept: Kept) -> None:
    kept.files.key.write_bytes(own_chain("Bob", time.time()).key)


def as_folder(kept: Kept) -> None:
    kept.files.chain.unlink()
    kept.files.chain.mkdir()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda kept: kept.files.chain.unlink(), "EASEL_C2PA_CERT: there is no such file"),
        (lambda kept: kept.files.key.unlink(), "EASEL_C2PA_KEY: there is no such file"),
        (as_folder, "EASEL_C2PA_CERT: is a folder"),
        (
            lambda kept: kept.files.chain.write_bytes(b"\xff"),
            "EASEL_C2PA_CERT: holds no certificate",
        ),
        (lambda kept: kept.files.key.write_bytes(b""), "EASEL_C2PA_KEY: holds no private key"),
        (swapped, "EASEL_C2PA_CERT: holds a key"),
        (encrypted, "EASEL_C2PA_KEY: is encrypted"),
        (of_another, "EASEL_C2PA_KEY: belongs to none of the certificates"),
        (of_dsa, "EASEL_C2PA_KEY: belongs to none of the certificates"),
        (in_wrong_order, "EASEL_C2PA_CERT: the certificates stand in the wrong order"),
        (with_a_gap, "EASEL_C2PA_CERT: one of the certificates is not issued by the one after it"),
    ],
)
def test_what_is_wrong_with_the_files_is_said(
    tmp_path: Path, spoil: Callable[[Kept], None], sentence: str
) -> None:
    kept = keep(tmp_path)
    spoil(kept)
    with pytest.raises(SettingsError) as raised:
        read_identity(kept.files, time.time())
    said = str(raised.value)
    assert said.startswith(sentence)
    assert str(tmp_path) not in said
    assert "BEGIN" not in said


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (VALID_DAYS + 1, "EASEL_C2PA_CERT: expired on "),
        (-1, "EASEL_C2PA_CERT: is not valid before"),
    ],
)
def test_a_certificate_signs_between_its_dates_alone(
    tmp_path: Path, days: int, sentence: str
) -> None:
    kept = keep(tmp_path)
    with pytest.raises(SettingsError, match=sentence):
        read_identity(kept.files, time.time() + days * 86400)


def test_a_certificate_for_web_servers_signs_no_pictures(tmp_path: Path) -> None:
    kept = keep(tmp_path, own_chain("Ada", time.time(), purpose=SERVER_AUTH))
    with pytest.raises(SettingsError, match="its extended key usage has neither C2PA"):
        signer(kept)


def test_what_only_the_library_refuses_is_said_at_the_start(tmp_path: Path) -> None:
    """Its own clock says that this one ended, whatever the bot's says."""
    began = time.time() - (VALID_DAYS + 1) * 86400
    kept = keep(tmp_path, own_chain("Ada", began))
    read_identity(kept.files, began)
    with pytest.raises(SettingsError, match="EASEL_C2PA_CERT: "):
        signer(kept)


def test_the_key_is_in_no_repr(tmp_path: Path) -> None:
    kept = keep(tmp_path)
    identity = read_identity(kept.files, time.time())
    assert "PRIVATE" not in repr(identity) + repr(kept.chain) + repr(signer(kept))
    assert b"PRIVATE" in identity.key
