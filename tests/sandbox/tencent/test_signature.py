"""The stand-in's signature check: one known vector, and every way a signed call can be wrong."""

import json
from collections.abc import Callable

import pytest

from bot.sandbox.tencent.refusals import Refusal
from bot.sandbox.tencent.signature import Credential, verify
from tests.sandbox.tencent.peer import (
    NOW,
    SECRET_ID,
    Clock,
    call,
    headers_for,
    image_to_image,
    post,
    sandbox,
)

BODY = b'{"Prompt": "a cat", "Styles": ["201"]}'
# Made with the official SDK's Sign class, and again by hand (TC3, 2026-08).
VECTOR = "b2a1566dc2bf2145957a75bcaa37b29624d2c44c93f12eca9ce6349d7cb00471"
ACCOUNT = Credential("AKIDvector", "EXAMPLEKEY0000000000000000000000")
Headers = dict[str, str]


def vector_headers(signature: str = VECTOR) -> Headers:
    return {
        "content-type": "application/json",
        "host": "aiart.intl.tencentcloudapi.com",
        "X-TC-Timestamp": "1790000000",
        "Authorization": "TC3-HMAC-SHA256 Credential=AKIDvector/2026-09-21/aiart/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}",
    }


def test_the_known_vector_is_accepted_and_names_its_service() -> None:
    assert verify(vector_headers(), BODY, ACCOUNT, NOW) == "aiart"


@pytest.mark.parametrize("body", [BODY + b" ", b"", BODY.replace(b"cat", b"dog")])
def test_another_body_than_the_signed_one_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match=r"AuthFailure\.SignatureFailure"):
        verify(vector_headers(), body, ACCOUNT, NOW)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (NOW + 300, None),
        (NOW - 300, None),
        (NOW + 301, "AuthFailure.SignatureExpire"),
        (NOW - 301, "AuthFailure.SignatureExpire"),
    ],
)
def test_a_clock_may_be_five_minutes_off_and_no_more(now: float, code: str | None) -> None:
    if code is None:
        assert verify(vector_headers(), BODY, ACCOUNT, now) == "aiart"
        return
    with pytest.raises(Refusal, match=code):
        verify(vector_headers(), BODY, ACCOUNT, now)


def altered(name: str, old: str, new: str) -> Callable[[Headers], Headers]:
    def change(headers: Headers) -> Headers:
        assert old in headers[name]
        return {**headers, name: headers[name].replace(old, new)}

    return change


def without(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


def added(name: str, value: str) -> Callable[[Headers], Headers]:
    return lambda headers: {**headers, name: value}


WRONG = [
    ("unsigned", without("Authorization"), "MissingParameter", True),
    ("no action", without("X-TC-Action"), "MissingParameter", True),
    ("no version", without("X-TC-Version"), "MissingParameter", True),
    ("no region", without("X-TC-Region"), "MissingParameter", True),
    ("no time", without("X-TC-Timestamp"), "MissingParameter", True),
    ("a time in words", added("X-TC-Timestamp", "now"), "InvalidParameter", True),
    (
        "another method",
        altered("Authorization", "TC3-HMAC-SHA256", "TC3-HMAC-SHA1"),
        "AuthFailure.InvalidAuthorization",
        True,
    ),
    (
        "the host is not signed",
        altered("Authorization", "content-type;host", "content-type"),
        "AuthFailure.InvalidAuthorization",
        True,
    ),
    (
        "a header signed but not sent",
        altered("Authorization", "content-type;host", "content-type;host;x-tc-language"),
        "AuthFailure.InvalidAuthorization",
        True,
    ),
    (
        "headers out of order",
        altered("Authorization", "content-type;host", "host;content-type"),
        "AuthFailure.InvalidAuthorization",
        True,
    ),
    (
        "another account",
        altered("Authorization", SECRET_ID, "AKIDstranger"),
        "AuthFailure.SecretIdNotFound",
        False,
    ),
    (
        "a scope of another day",
        altered("Authorization", "2026-09-21", "2026-09-20"),
        "AuthFailure.SignatureFailure",
        False,
    ),
    (
        "a later time than the signed one",
        added("X-TC-Timestamp", str(int(NOW) + 1)),
        "AuthFailure.SignatureFailure",
        False,
    ),
    ("a token nobody gave", added("X-TC-Token", "t"), "AuthFailure.TokenFailure", False),
    ("an unknown action", added("X-TC-Action", "PaintMe"), "InvalidAction", True),
    (
        "an action of another service",
        added("X-TC-Action", "CreateAigcImageTask"),
        "InvalidAction",
        True,
    ),
    ("another version", added("X-TC-Version", "2018-07-17"), "NoSuchVersion", True),
    ("another region", added("X-TC-Region", "eu-frankfurt"), "UnsupportedRegion", False),
    ("another type", added("Content-Type", "text/plain"), "InvalidRequest", True),
]


@pytest.mark.parametrize(
    ("change", "code", "fault"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
async def test_a_wrong_call_is_refused_with_the_documented_code(
    change: Callable[[Headers], Headers], code: str, *, fault: bool
) -> None:
    async with sandbox() as tencent:
        body = json.dumps(image_to_image()).encode()
        reply = await post(tencent, change(headers_for(tencent, "ImageToImage", body)), body)
        assert reply.status_code == 200
        assert reply.json()["Response"]["Error"]["Code"] == code
        assert [one.error_code for one in tencent.calls] == [code]
        assert bool(tencent.faults) is fault
        assert not tencent.charged


async def test_a_wrong_key_is_refused_without_blaming_the_client() -> None:
    async with sandbox() as tencent:
        body = json.dumps(image_to_image()).encode()
        headers = headers_for(tencent, "ImageToImage", body, key="another-key")
        reply = await post(tencent, headers, body)
        assert reply.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"
        tencent.faults.check()


async def test_a_signature_for_another_day_than_its_time_is_refused() -> None:
    async with sandbox() as tencent:
        body = json.dumps(image_to_image()).encode()
        for days, code in ((0, None), (1, "AuthFailure.SignatureFailure")):
            headers = headers_for(tencent, "ImageToImage", body, days_late=days)
            response = (await post(tencent, headers, body)).json()["Response"]
            assert response.get("Error", {}).get("Code") == code


@pytest.mark.parametrize(
    ("sent", "code"), [("t1", None), ("t2", "TokenFailure"), (None, "TokenFailure")]
)
async def test_temporary_credentials_need_their_token(sent: str | None, code: str | None) -> None:
    async with sandbox(token="t1") as tencent:
        body = json.dumps(image_to_image()).encode()
        headers = headers_for(tencent, "ImageToImage", body)
        if sent is not None:
            headers["X-TC-Token"] = sent
        response = (await post(tencent, headers, body)).json()["Response"]
        assert response.get("Error", {}).get("Code") == (code and f"AuthFailure.{code}")


async def test_the_clock_is_the_one_that_was_handed_in() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        body = json.dumps(image_to_image()).encode()
        headers = headers_for(tencent, "ImageToImage", body)
        clock.at += 3600
        reply = await post(tencent, headers, body)
        assert reply.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureExpire"
        assert "ResultImage" in await call(tencent, "ImageToImage", image_to_image())


async def test_what_was_signed_just_before_the_clock_was_moved_is_taken() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        body = json.dumps(image_to_image()).encode()
        headers = headers_for(tencent, "ImageToImage", body)
        tencent.gate.clock_moved(3600)
        clock.at += 3600
        assert "ResultImage" in (await post(tencent, headers, body)).json()["Response"]
        clock.at += 3600
        reply = await post(tencent, headers, body)
        assert reply.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureExpire"
