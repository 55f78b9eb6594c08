"""With what results are signed: the operator's certificate chain and key, read and checked."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.domain.labels.credentials import CredentialFiles, CredentialsUnreadable
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.reading import library

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CERT, KEY = "EASEL_C2PA_CERT", "EASEL_C2PA_KEY"

# The purposes a signing certificate may have (C2PA 2.2, 14.5.1: emailProtection, documentSigning,
# and C2PA's own, which alone is in the certificates of its trust list).
PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")

_CURVES: Mapping[str, str] = MappingProxyType(
    {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
)
_LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Identity:
    """A chain and its key (PEM) that belong together; `expires_at` in unix seconds."""

    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str
    signer: str
    expires_at: float


def read_identity(files: CredentialFiles, now: float) -> Identity:
    """Return what is in the files; raises SettingsError, which says what is wrong with which."""
    try:
        library()
    except CredentialsUnreadable:
        raise SettingsError(
            f"{CERT}: is set, and this installation has no C2PA; install it with "
            "`pip install 'easel-bot[c2pa]'`, or unset the variable"
        ) from None
    chain, key = _content(CERT, files.chain), _content(KEY, files.key)
    certificates, private = _certificates(chain), _private(key)
    _check_pair(certificates, private)
    _check_chain(certificates)
    _check_dates(certificates, now)
    _check_purpose(certificates[0])
    return Identity(
        chain=chain,
        key=_pkcs8(private),
        algorithm=_algorithm(private),
        signer=certificates[0].subject.rfc4514_string(),
        expires_at=min(each.not_valid_after_utc for each in certificates).timestamp(),
    )


def _content(variable: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        text = f"{variable}: there is no such file; correct the name, or unset the variable"
    except IsADirectoryError:
        text = f"{variable}: is a folder; name the PEM file in it"
    except OSError as error:
        text = f"{variable}: cannot be read ({error.strerror}); let the bot's user read it"
    raise SettingsError(text)


def _certificates(chain: bytes) -> "Sequence[Certificate]":
    from cryptography import x509  # noqa: PLC0415 - part of the extra

    try:
        return x509.load_pem_x509_certificates(chain)
    except ValueError:
        is_key = b"PRIVATE KEY-----" in chain
        text = "holds a key" if is_key else "holds no certificate that can be read"
        raise SettingsError(
            f"{CERT}: {text}; it needs the chain as PEM, the signer's own certificate first, "
            f"and {KEY} the key"
        ) from None


def _private(key: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - part of the extra
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the same

    try:
        return serialization.load_pem_private_key(key, password=None)
    except TypeError:
        text = (
            "is encrypted, and nobody types its password when the bot starts; write it without "
            "one (`openssl pkey -in OLD -out NEW`) and let nobody but the bot's user read it"
        )
    except (ValueError, UnsupportedAlgorithm):
        text = "holds no private key that can be read; it needs one as PEM, PKCS #8"
    raise SettingsError(f"{KEY}: {text}")


def _check_pair(certificates: "Sequence[Certificate]", private: Any) -> None:
    public = private.public_key()
    owners = [number for number, each in enumerate(certificates) if each.public_key() == public]
    if not owners:
        raise SettingsError(f"{KEY}: belongs to none of the certificates in {CERT}; set the pair")
    if 0 not in owners:
        raise SettingsError(
            f"{CERT}: the certificates stand in the wrong order; put the signer's own first, then "
            "each one's issuer"
        )


def _check_chain(certificates: "Sequence[Certificate]") -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - part of the extra

    for issued, issuer in itertools.pairwise(certificates):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            raise SettingsError(
                f"{CERT}: one of the certificates is not issued by the one after it; put the "
                "signer's own first, then each one's issuer, and nothing else"
            ) from None


def _check_dates(certificates: "Sequence[Certificate]", now: float) -> None:
    at = datetime.fromtimestamp(now, UTC)
    for each in certificates:
        if at < each.not_valid_before_utc:
            raise SettingsError(
                f"{CERT}: is not valid before {each.not_valid_before_utc:%Y-%m-%d %H:%M} UTC; "
                "look at this machine's clock, or wait"
            )
        if at > each.not_valid_after_utc:
            raise SettingsError(
                f"{CERT}: expired on {each.not_valid_after_utc:%Y-%m-%d %H:%M} UTC; renew it, or "
                "unset the variable"
            )


def _check_purpose(own: "Certificate") -> None:
    from cryptography import x509  # noqa: PLC0415 - part of the extra

    try:
        extensions = own.extensions
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        purposes = x509.ExtendedKeyUsage([])
    if not {purpose.dotted_string for purpose in purposes} & set(PURPOSES):
        raise SettingsError(
            f"{CERT}: may not sign pictures: its extended key usage has neither C2PA "
            "(1.3.6.1.4.1.62558.2.1), emailProtection nor documentSigning; get one for C2PA"
        )


def _algorithm(private: Any) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415 - extra

    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in _CURVES:
        return _CURVES[private.curve.name]
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= _LEAST_RSA_BITS:
        return "ps256"
    raise SettingsError(
        f"{KEY}: C2PA does not know this kind of key; it takes P-256, P-384, P-521, Ed25519 and "
        f"RSA from {_LEAST_RSA_BITS} bits on"
    )


def _pkcs8(private: Any) -> bytes:
    """Return the key in the one form that the signing library reads."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - part of the extra

    pem: bytes = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem
