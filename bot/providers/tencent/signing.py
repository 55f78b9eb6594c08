"""TC3-HMAC-SHA256, the signature of every request to Tencent Cloud's API 3.0: pure functions."""

import hashlib
import hmac
from datetime import UTC, datetime

CONTENT_TYPE = "application/json"  # signed and sent must be the same, so no charset (TC3, 2026-08)
_ALGORITHM = "TC3-HMAC-SHA256"
_SIGNED_HEADERS = "content-type;host"


def authorization(
    *, secret_id: str, secret_key: str, service: str, host: str, body_sha256: str, timestamp: int
) -> str:
    """Return the Authorization header of a POST to "/" (TC3, 2026-08).

    `host` is the Host header as sent, with its port if any; `body_sha256` is the body's SHA-256
    as hex, so that a large body can be hashed piece by piece; `timestamp` is in unix seconds and
    goes into X-TC-Timestamp as well.
    """
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    headers = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    canonical = f"POST\n/\n\n{headers}\n{_SIGNED_HEADERS}\n{body_sha256}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}"
    signature = _hmac(_key(secret_key, date, service), text).hex()
    return (
        f"{_ALGORITHM} Credential={secret_id}/{scope}, "
        f"SignedHeaders={_SIGNED_HEADERS}, Signature={signature}"
    )


def _key(secret_key: str, date: str, service: str) -> bytes:
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
