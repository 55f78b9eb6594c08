"""What a picture's Content Credentials (C2PA) say, and how far that can be relied on."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.domain.errors import NotPossible


class Standing(StrEnum):
    """How far what a manifest says can be relied on.

    TRUSTED: intact, and its signer is vouched for by one of the given roots. INTACT: nothing was
    changed since it was signed, by whomever. EXPIRED: the certificate was not valid at that time,
    as far as anybody can tell. ALTERED: the picture or the manifest was changed afterwards.
    BROKEN: the manifest cannot be read or checked. ELSEWHERE: the picture only names an address
    that holds it, which nobody here asks.
    """

    TRUSTED = "trusted"
    INTACT = "intact"
    EXPIRED = "expired"
    ALTERED = "altered"
    BROKEN = "broken"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The newest manifest of a picture; texts are the signer's own words, "" where it has none.

    `signer` is the certificate's organisation, `common_name` its name; `generator` the program that
    claims it. `source_types` are the addresses of IPTC terms and `actions` C2PA's names, both in
    the order of the actions. `ingredients` counts what it was made from, `signed_at` is what a
    timestamp server or else nobody vouches for (RFC 3339). `faults` are C2PA's status codes.
    """

    standing: Standing
    signer: str = ""
    common_name: str = ""
    generator: str = ""
    title: str = ""
    actions: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    ingredients: int = 0
    signed_at: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialFiles:
    """Where the operator keeps the chain, the signer's own certificate first, and its key: PEM."""

    chain: Path
    key: Path


class CredentialsUnreadable(NotPossible):
    """Nothing is installed that reads or makes them."""

    sentence = (
        "Content Credentials cannot be read here: what {operator} installed has no C2PA "
        "(`pip install 'easel-bot[c2pa]'`)."
    )
