"""Reads a picture's Content Credentials, asking no address that it names.

Native code reads them, so those of strangers are read by `Fence.inspect` alone.
"""

import functools
import io
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from bot.domain.labels.credentials import Credentials, CredentialsUnreadable, Standing

if TYPE_CHECKING:
    from c2pa import Context

# Without these the library fetches what a picture names (c2pa-rs 0.91, its settings).
OFFLINE = MappingProxyType({"remote_manifest_fetch": False, "ocsp_fetch": False})

_MOST_CHARS, _MOST_ENTRIES = 200, 50  # of what a stranger wrote
_REMOTE = "Remote"  # such a manifest has no error class of its own (c2pa-python 0.38)
_UNTRUSTED = "signingCredential.untrusted"
# (C2PA 2.2, 15.2: validation status codes)
_EXPIRED = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_CHANGED = frozenset({"assertion.missing", "assertion.undeclared", "assertion.inaccessible"})


def library() -> ModuleType:
    """Return c2pa-python; raises CredentialsUnreadable where the extra is not installed."""
    try:
        import c2pa  # noqa: PLC0415 - an extra, and only in memory where pictures are signed or read
    except ImportError as error:
        raise CredentialsUnreadable from error
    return c2pa


def read_credentials(data: bytes, roots: str = "") -> Credentials | None:
    """Return what the newest manifest says; None where a picture has none, or can have none.

    `roots` are certificates (PEM) that make a signer trusted. Raises CredentialsUnreadable.
    """
    c2pa = library()
    try:
        reader = c2pa.Reader.try_create(io.BytesIO(data), context=_context(roots))
        if reader is None:
            return None
        with reader:
            return _credentials(json.loads(reader.json()))
    except c2pa.C2paError.NotSupported:
        return None
    except (c2pa.C2paError, ValueError) as error:
        is_remote = str(error).startswith(_REMOTE)
        return Credentials(Standing.ELSEWHERE if is_remote else Standing.BROKEN)


@functools.lru_cache(maxsize=2)
def _context(roots: str) -> "Context":
    trust = {"trust": {"trust_anchors": roots}} if roots else {}
    verify = {**OFFLINE, "verify_trust": True}
    context: Context = library().Context.from_dict({"verify": verify, **trust})
    return context


def _credentials(store: Mapping[str, Any]) -> Credentials:
    manifest = store.get("manifests", {}).get(store.get("active_manifest"))
    if manifest is None:
        return Credentials(Standing.BROKEN)
    results = store.get("validation_results", {}).get("activeManifest", {})
    faults = _texts(fault.get("code") for fault in results.get("failure", ()))
    actions = list(_actions(manifest))
    signature = manifest.get("signature_info") or {}
    return Credentials(
        standing=_standing(store.get("validation_state"), faults),
        signer=_text(signature.get("issuer")),
        common_name=_text(signature.get("common_name")),
        generator=_generator(manifest),
        title=_text(manifest.get("title")),
        actions=_texts(action.get("action") for action in actions),
        source_types=_texts(action.get("digitalSourceType") for action in actions),
        ingredients=len(manifest.get("ingredients", ())),
        signed_at=_text(signature.get("time")) or None,
        faults=faults,
    )


def _standing(state: str | None, faults: Iterable[str]) -> Standing:
    if state == "Trusted":
        return Standing.TRUSTED
    if state == "Valid":
        return Standing.INTACT
    left = set(faults) - {_UNTRUSTED}
    if any("mismatch" in fault.casefold() or fault in _CHANGED for fault in left):
        return Standing.ALTERED
    return Standing.EXPIRED if left and left <= _EXPIRED else Standing.BROKEN


def _actions(manifest: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for assertion in manifest.get("assertions", ()):
        if assertion.get("label", "").startswith("c2pa.actions"):
            yield from assertion.get("data", {}).get("actions", ())


def _generator(manifest: Mapping[str, Any]) -> str:
    info = (manifest.get("claim_generator_info") or [{}])[0]
    named = f"{info.get('name') or ''} {info.get('version') or ''}".strip()
    return _text(named or manifest.get("claim_generator"))


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(text for text in map(_text, values) if text)[:_MOST_ENTRIES]


def _text(value: object) -> str:
    return value[:_MOST_CHARS] if isinstance(value, str) else ""
