"""Certificates and keys as an operator keeps them, made for one test."""

import time
from dataclasses import dataclass
from pathlib import Path

from bot.domain.labels.credentials import CredentialFiles
from bot.domain.labels.label import Label
from bot.domain.labels.origin import Origin
from bot.imaging.credentials.own_chain import OwnChain, own_chain
from bot.imaging.credentials.signing import Signer

LABEL = Label("AI-generated", "Ada", "job-1", "HY 3.0", created_at=1_790_000_000)
MODIFIED = Label(
    "AI-modified", "Ada", "job-1", "HY 3.0", origin=Origin.MODIFIED, created_at=1_790_000_000
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The two files, and the chain that is in them."""

    files: CredentialFiles
    chain: OwnChain

    @property
    def variables(self) -> dict[str, str]:
        return {"EASEL_C2PA_CERT": str(self.files.chain), "EASEL_C2PA_KEY": str(self.files.key)}


def keep(folder: Path, chain: OwnChain | None = None) -> Kept:
    """Write a chain where an operator's variables name it."""
    made = chain or own_chain("Atelier Ada", time.time())
    files = CredentialFiles(folder / "c2pa-chain.pem", folder / "c2pa-key.pem")
    files.chain.write_bytes(made.chain)
    files.key.write_bytes(made.key)
    return Kept(files, made)


def signer(kept: Kept, *, timestamp: str = "") -> Signer:
    return Signer(kept.files, timestamp=timestamp, now=time.time, monotonic=time.monotonic)
