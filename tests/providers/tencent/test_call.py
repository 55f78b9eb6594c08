"""The signed call: what each way of losing it means, and that nothing secret leaks."""

import asyncio
import contextlib
import logging
import socket
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from bot.domain.provider_errors import (
    Moderated,
    NotSent,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.providers.tencent.body import Inline, json_body
from bot.providers.tencent.call import Credentials, Service, TencentApi
from tests.loopback import listening
from tests.providers.conftest import NOW
from tests.providers.told_server import Reply, Server, refused, said

GARBAGE = [
    Reply(b""),
    Reply(b"<html>502 Bad Gateway</html>"),
    Reply(b"<html>502 Bad Gateway</html>", status=502),
    Reply(b'{"Response": {"ResultIm'),
    Reply(b"[]"),
    Reply(b'{"Response": []}'),
    Reply(b'{"Response": {"Error": "broken"}}'),
    Reply(b'{"Response": {"Error": {"Code": 7}}}'),
    Reply(b"[" * 100_000),
    Reply(b'{"Response": {"ResultImage": "', drop=True),
    Reply(drop=True),
]


async def call(
    api: TencentApi, server: Server, *, is_safe: bool, total_s: float = 5.0
) -> dict[str, Any]:
    service = Service("aiart", "2022-12-29", server.url, "ap-singapore")
    body = await json_body({"Prompt": "a cat"})
    return await api.call(service, "ImageToImage", body, is_safe=is_safe, total_s=total_s)


async def test_a_reply_is_its_response_object(api: TencentApi, server: Server) -> None:
    server.tell("ImageToImage", said(ResultImage="x", Error=None))
    response = await call(api, server, is_safe=False)
    assert response == {"RequestId": "req-1", "ResultImage": "x", "Error": None}
    assert server.seen == [("ImageToImage", {"Prompt": "a cat"})]


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "application/json;;"])
async def test_a_reply_is_read_whatever_type_it_claims(
    api: TencentApi, server: Server, kind: str
) -> None:
    reply, refusal = said(ResultImage="x"), refused("InvalidParameter")
    for one in (reply, refusal):
        one.headers["Content-Type"] = kind
    server.tell("ImageToImage", reply, refusal)
    assert (await call(api, server, is_safe=False))["ResultImage"] == "x"
    with pytest.raises(RequestBug):
        await call(api, server, is_safe=False)


async def test_a_connection_that_the_service_closed_meanwhile_loses_no_request(
    api: TencentApi,
) -> None:
    seen = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        seen.append(head)
        reply = said(ResultImage="x").body
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(reply), reply))
        await asyncio.sleep(0.05)
        writer.close()

    async with listening(answer_once) as port:
        service = Service("aiart", "1", f"http://127.0.0.1:{port}")
        for _ in range(2):
            await api.call(service, "X", await json_body({}), is_safe=False)
            await asyncio.sleep(0.1)
    assert len(seen) == 2


@pytest.mark.parametrize("reply", GARBAGE, ids=lambda reply: f"{reply.status}{reply.body[:30]!r}")
@pytest.mark.parametrize(("is_safe", "kind"), [(False, OutcomeUnknown), (True, OutOfSight)])
async def test_a_lost_answer_is_repeated_only_where_that_pays_nothing_twice(
    api: TencentApi, server: Server, reply: Reply, *, is_safe: bool, kind: type[ProviderError]
) -> None:
    server.tell("ImageToImage", reply)
    with pytest.raises(ProviderError) as caught:
        await call(api, server, is_safe=is_safe)
    assert type(caught.value) is kind
    assert len(server.seen) == 1


@pytest.mark.parametrize(("is_safe", "kind"), [(False, OutcomeUnknown), (True, OutOfSight)])
async def test_an_answer_that_takes_too_long_is_a_lost_one(
    api: TencentApi, server: Server, *, is_safe: bool, kind: type[ProviderError]
) -> None:
    server.tell("ImageToImage", Reply(delay_s=2.0))
    with pytest.raises(ProviderError) as caught:
        await call(api, server, is_safe=is_safe, total_s=0.1)
    assert type(caught.value) is kind


async def test_an_answer_in_drops_cannot_stretch_the_total_time(api: TencentApi) -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)
        hung_up.set()

    async with listening(drip) as port:
        service = Service("vod", "2018-07-17", f"http://127.0.0.1:{port}")
        with pytest.raises(OutcomeUnknown):
            await api.call(service, "X", await json_body({}), is_safe=False, total_s=0.2)
        await asyncio.wait_for(hung_up.wait(), 5)


async def test_a_request_that_met_nobody_is_safe_to_repeat(api: TencentApi) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, and not listening
        service = Service("aiart", "1", f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(NotSent) as caught:
            await api.call(service, "X", await json_body({}), is_safe=False)
    assert caught.value.code == "ConnectError"


async def test_a_request_that_was_cut_off_on_its_way_out_is_safe_to_repeat(
    api: TencentApi,
) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.transport.abort()

    async with listening(hang_up) as port:
        service = Service("aiart", "1", f"http://127.0.0.1:{port}")
        body = await json_body({"InputImage": Inline(bytes(20_000_000))})
        with pytest.raises(NotSent):
            await api.call(service, "X", body, is_safe=False)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NotSent),
        (403, NotSent),
        (407, NotSent),
        (413, RequestBug),
        (429, NotSent),
    ],
)
async def test_what_a_gateway_turned_away_was_not_worked_on(
    api: TencentApi, server: Server, status: int, kind: type[ProviderError]
) -> None:
    server.tell("ImageToImage", Reply(b"no", status=status, headers={"Location": "/elsewhere"}))
    with pytest.raises(ProviderError) as caught:
        await call(api, server, is_safe=False)
    assert type(caught.value) is kind
    assert caught.value.api_code == f"HTTP{status}"


def turned_away() -> Reply:
    return Reply(b"<h1>Forbidden</h1>", status=403)


async def test_an_answer_of_the_apis_own_begins_the_count_of_turned_away_calls_anew(
    client: httpx.AsyncClient, server: Server
) -> None:
    time = [NOW]
    api = TencentApi(client, Credentials("id", "key"), now=lambda: time[0])
    error = refused("InvalidParameter")
    server.tell("ImageToImage", *[turned_away()] * 2, error, *[turned_away()] * 2)
    met = []
    for _ in range(5):
        with pytest.raises(ProviderError) as caught:
            await call(api, server, is_safe=False)
        met.append(type(caught.value))
        time[0] += 60
    assert met == [NotSent, NotSent, RequestBug, NotSent, NotSent]


async def test_being_turned_away_is_the_operators_to_mend_only_when_it_lasts(
    client: httpx.AsyncClient, server: Server
) -> None:
    time = [NOW]
    api = TencentApi(client, Credentials("id", "key"), now=lambda: time[0])

    async def met() -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await call(api, server, is_safe=False)
        assert "look for a proxy" in caught.value.detail + getattr(caught.value, "remedy", "")
        return caught.value

    server.tell("ImageToImage", *[turned_away()] * 12)
    assert {type(await met()) for _ in range(10)} == {NotSent}  # a dozen of the same moment
    time[0] += 60
    lasting = await met()
    assert isinstance(lasting, OperatorFault)
    assert (lasting.code, lasting.reach) == ("HTTP403", "account")
    assert isinstance(await met(), OperatorFault)


async def test_an_answer_of_the_apis_own_forgets_who_was_turned_away(
    client: httpx.AsyncClient, server: Server
) -> None:
    time = [NOW]
    api = TencentApi(client, Credentials("id", "key"), now=lambda: time[0])
    for answer in (said(ResultImage="x"), refused("OperationDenied.TextIllegalDetected")):
        server.tell("ImageToImage", turned_away(), turned_away(), answer)
        for _ in range(2):
            time[0] += 60
            with pytest.raises(NotSent):
                await call(api, server, is_safe=False)
        with contextlib.suppress(Moderated):
            await call(api, server, is_safe=False)


async def test_a_timeout_inside_the_api_may_have_been_paid(api: TencentApi, server: Server) -> None:
    server.tell("ImageToImage", *[refused("FailedOperation.RequestTimeout")] * 2)
    with pytest.raises(OutcomeUnknown):
        await call(api, server, is_safe=False)
    with pytest.raises(ServerFault, match="failed") as caught:
        await call(api, server, is_safe=True)
    assert caught.value.request_id == "req-1"


@pytest.mark.parametrize(("off_s", "words"), [(412, "412 s ahead of"), (-3600, "3600 s behind")])
async def test_a_wrong_clock_is_named_with_its_error(
    client: httpx.AsyncClient, server: Server, off_s: int, words: str
) -> None:
    reply = refused("AuthFailure.SignatureExpire")
    reply.headers["Date"] = formatdate(NOW, usegmt=True)
    server.tell("ImageToImage", reply)
    api = TencentApi(client, Credentials("id", "key"), now=lambda: NOW + off_s)
    with pytest.raises(OperatorFault) as caught:
        await call(api, server, is_safe=False)
    assert words in caught.value.detail


async def test_no_secret_and_no_prompt_reaches_a_log_or_an_error(
    client: httpx.AsyncClient, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    credentials = Credentials("AKIDSECRETID", "VERYSECRETKEY", "SECRETTOKEN")
    api = TencentApi(client, credentials, now=lambda: NOW)
    server.tell("ImageToImage", Reply(b"garbage"))
    with pytest.raises(OutcomeUnknown) as caught:
        await call(api, server, is_safe=False)
    told = f"{caplog.text} {credentials!r} {caught.value!r} {caught.value.detail}"
    for secret in ("AKIDSECRETID", "VERYSECRETKEY", "SECRETTOKEN", "TC3-HMAC", "a cat"):
        assert secret not in told


@pytest.mark.parametrize("broken", ["AKID\n", " AKID", "AKID\x00", "schlüssel"])
def test_a_key_that_no_header_can_carry_is_refused_at_once(broken: str) -> None:
    with pytest.raises(ValueError, match="secret id"):
        Credentials(broken, "key")
    with pytest.raises(ValueError, match="secret token"):
        Credentials("AKID", "key", broken)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://aiart.tencentcloudapi.com",
        "http://10.0.0.7:8080",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "aiart.tencentcloudapi.com",
        "https://user:password@aiart.tencentcloudapi.com",
        "https://aiart.tencentcloudapi.com/path",
        "https://",
    ],
)
def test_an_endpoint_in_the_clear_or_with_frills_is_refused_at_once(endpoint: str) -> None:
    with pytest.raises(ValueError, match="aiart endpoint"):
        Service("aiart", "2022-12-29", endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://aiart.intl.tencentcloudapi.com",
        "https://aiart.intl.tencentcloudapi.com/",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost:8080",
    ],
)
def test_https_and_loopback_are_good_endpoints(endpoint: str) -> None:
    assert Service("aiart", "2022-12-29", endpoint).endpoint == endpoint
