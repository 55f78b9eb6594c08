"""Verifies TC3-HMAC-SHA256 signatures, independently of any client's code."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.tencent.refusals import Refusal, refuse

MAX_SKEW_S = 300  # (Tencent Cloud common errors, SignatureExpire: 5 minutes)
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/,]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[a-z]+)"
    r"/tc3_request, ?SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
_UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Credential:
    """The one key pair this account has; `token` only where the pair is temporary."""

    secret_id: str
    secret_key: str
    token: str | None = None


@dataclass(frozen=True)
class _Claim:
    secret_id: str
    date: str
    service: str
    signed: tuple[str, ...]
    signature: str


def verify(headers: Mapping[str, str], body: bytes, credential: Credential, now: float) -> str:
    """Give the service a POST to `/` was signed for (TC3, 2026-08).

    `headers` is case-insensitive; `now` is unix seconds. Raises Refusal with an AuthFailure code.
    """
    claim = _claim(headers)
    timestamp = _timestamp(headers)
    if not hmac.compare_digest(claim.secret_id.encode(), credential.secret_id.encode()):
        raise Refusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    if abs(now - timestamp) > MAX_SKEW_S:
        raise Refusal("AuthFailure.SignatureExpire", "The signature has expired: check the clock.")
    expected = _sign(_string_to_sign(claim, headers, body, timestamp), claim, credential.secret_key)
    same_day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d") == claim.date
    if not same_day or not hmac.compare_digest(expected, claim.signature):
        raise Refusal("AuthFailure.SignatureFailure", "The signature does not match the request.")
    if headers.get("X-TC-Token") != credential.token:
        raise Refusal("AuthFailure.TokenFailure", "The token is wrong for this SecretId.")
    return claim.service


def _claim(headers: Mapping[str, str]) -> _Claim:
    if "Authorization" not in headers:
        raise refuse("MissingParameter", "The call is unsigned: no Authorization header.")
    found = _AUTHORIZATION.fullmatch(headers["Authorization"])
    if found is None:
        raise refuse("AuthFailure.InvalidAuthorization", "The Authorization header is malformed.")
    signed = tuple(found["headers"].split(";"))
    if not {"content-type", "host"} <= set(signed):
        raise refuse("AuthFailure.InvalidAuthorization", "content-type and host must be signed.")
    if list(signed) != sorted(set(signed)) or any(name not in headers for name in signed):
        raise refuse("AuthFailure.InvalidAuthorization", "SignedHeaders are unsorted or not sent.")
    return _Claim(found["id"], found["date"], found["service"], signed, found["signature"])


def _timestamp(headers: Mapping[str, str]) -> int:
    text = headers.get("X-TC-Timestamp")
    if text is None:
        raise refuse("MissingParameter", "The header X-TC-Timestamp is missing.")
    if re.fullmatch(r"[0-9]{1,11}", text) is None:
        raise refuse("InvalidParameter", "X-TC-Timestamp must be unix seconds.")
    return int(text)


def _string_to_sign(claim: _Claim, headers: Mapping[str, str], body: bytes, timestamp: int) -> str:
    unsigned = headers.get("X-TC-Content-SHA256") == _UNSIGNED
    payload = hashlib.sha256(_UNSIGNED.encode() if unsigned else body).hexdigest()
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in claim.signed)
    canonical = f"POST\n/\n\n{lines}\n{';'.join(claim.signed)}\n{payload}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"TC3-HMAC-SHA256\n{timestamp}\n{claim.date}/{claim.service}/tc3_request\n{digest}"


def _sign(text: str, claim: _Claim, secret_key: str) -> str:
    key = f"TC3{secret_key}".encode()
    for part in (claim.date, claim.service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
