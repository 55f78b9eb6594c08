"""Makes a certificate chain of its own, with which signing can be tried out; nobody trusts it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.labels.credentials import CredentialsUnreadable

VALID_DAYS = 365

_SKEW = timedelta(minutes=5)  # the clocks of readers


@dataclass(frozen=True, slots=True)
class OwnChain:
    """PEM: the signer's certificate and its issuer's, the signer's key, and the root."""

    chain: bytes
    key: bytes = field(repr=False)
    root: bytes


def own_chain(organisation: str, now: float, *, purpose: str = "1.3.6.1.5.5.7.3.4") -> OwnChain:
    """Return root, intermediate and signer, on P-256; the upper keys are kept nowhere.

    `purpose` is the signer's extended key usage: emailProtection, which every reader of C2PA takes.
    Raises CredentialsUnreadable without the extra.
    """
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - of the extra
    except ImportError as error:
        raise CredentialsUnreadable from error
    since = datetime.fromtimestamp(now, UTC) - _SKEW
    root, root_key = _issued(organisation, "root", None, since)
    middle, middle_key = _issued(organisation, "issuer", (root, root_key), since, below=0)
    own, own_key = _issued(organisation, "signer", (middle, middle_key), since, purpose=purpose)
    pem = serialization.Encoding.PEM
    key = own_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = own.public_bytes(pem) + middle.public_bytes(pem)
    return OwnChain(chain, key, root.public_bytes(pem))


def _issued(
    organisation: str,
    role: str,
    issuer: tuple[Any, Any] | None,
    since: datetime,
    *,
    below: int | None = None,
    purpose: str | None = None,
) -> tuple[Any, Any]:
    """Return a certificate and its key; one with a `purpose` issues no others."""
    from cryptography import x509  # noqa: PLC0415 - part of the extra
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - the same

    key = ec.generate_private_key(ec.SECP256R1())
    own_name = _name(organisation, role)
    above, signing_key = (issuer[0].subject, issuer[1]) if issuer else (own_name, key)
    is_issuer = purpose is None
    builder = (
        x509.CertificateBuilder(above, own_name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=below), critical=True)
        .add_extension(_usage(is_issuer=is_issuer), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
    )
    if purpose is not None:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(signing_key, hashes.SHA256()), key


def _name(organisation: str, role: str) -> Any:
    from cryptography import x509  # noqa: PLC0415 - part of the extra
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - the same

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Easel, self-signed {role}"),
        ]
    )


def _usage(*, is_issuer: bool) -> Any:
    from cryptography import x509  # noqa: PLC0415 - part of the extra

    return x509.KeyUsage(
        digital_signature=not is_issuer,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_issuer,
        crl_sign=is_issuer,
        encipher_only=False,
        decipher_only=False,
    )
