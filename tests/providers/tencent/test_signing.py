"""Our signer against a fixed vector, and against the official SDK's own class."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tencentcloud.common.sign import Sign

from bot.providers.tencent.signing import authorization

KEY = "EXAMPLEKEY0000000000000000000000"
BODY = b'{"Prompt": "a cat", "Styles": ["201"]}'
PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def test_the_documented_example_gives_the_documented_signature() -> None:
    body_sha256 = hashlib.sha256(BODY).hexdigest()
    assert body_sha256 == "d7c1025f4ff9e6840ee432ea5e58e6c97350ec11ad3fdd47a3f1549868f4551f"
    header = authorization(
        secret_id="AKIDEXAMPLE",
        secret_key=KEY,
        service="aiart",
        host="aiart.intl.tencentcloudapi.com",
        body_sha256=body_sha256,
        timestamp=1_790_000_000,
    )
    assert header == (
        "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-09-21/aiart/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=b2a1566dc2bf2145957a75bcaa37b29624d2c44c93f12eca9ce6349d7cb00471"
    )


@given(
    secret_key=PLAIN,
    service=st.sampled_from(["aiart", "vod"]),
    host=st.from_regex(r"[a-z0-9.-]{1,40}(:[0-9]{1,5})?", fullmatch=True),
    body=st.binary(max_size=200),
    timestamp=st.integers(min_value=0, max_value=4_000_000_000),
)
def test_the_official_class_signs_everything_the_same(
    secret_key: str, service: str, host: str, body: bytes, timestamp: int
) -> None:
    body_sha256 = hashlib.sha256(body).hexdigest()
    ours = authorization(
        secret_id="AKID",
        secret_key=secret_key,
        service=service,
        host=host,
        body_sha256=body_sha256,
        timestamp=timestamp,
    )
    date = ours.split("/")[1]
    canonical = (
        f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{body_sha256}"
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{date}/{service}/tc3_request\n{digest}"
    theirs = Sign.sign_tc3(secret_key, date, service, text)
    assert ours.endswith(f"Signature={theirs}")


@pytest.mark.parametrize(
    ("timestamp", "date"), [(1_790_035_199, "2026-09-21"), (1_790_035_200, "2026-09-22")]
)
def test_the_date_is_counted_in_utc(timestamp: int, date: str) -> None:
    header = authorization(
        secret_id="A", secret_key="B", service="vod", host="h", body_sha256="", timestamp=timestamp
    )
    assert f"/{date}/vod/" in header
