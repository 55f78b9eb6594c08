"""Results are fetched from Tencent's own addresses only, patiently, and looked at."""

from io import BytesIO

import httpx
import pytest
from PIL import Image

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import OperatorFault, ServerFault
from bot.providers.tencent.results import Results
from tests.providers.told_server import Reply, Server


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, kind)
    return out.getvalue()


class Pauses(list[float]):
    """Remembers how long it should have slept."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class Proxy(httpx.AsyncBaseTransport):
    """Stands between and answers for every host, noting what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200, content=picture())


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def results(client: httpx.AsyncClient, server: Server, pauses: Pauses) -> Results:
    return Results(client, endpoints=[server.url], sleep=pauses, max_bytes=100_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "JPEG2000"])
async def test_a_picture_comes_as_it_is(results: Results, server: Server, kind: str) -> None:
    server.tell("/a.jpg", Reply(picture(kind)))
    assert await results.fetch(f"{server.url}/a.jpg") == picture(kind)


async def test_a_passing_failure_is_tried_again(
    results: Results, server: Server, pauses: Pauses
) -> None:
    torn = Reply(b"no gzip", headers={"Content-Encoding": "gzip"})
    failures = [Reply(status=503), Reply(drop=True), Reply(status=404), Reply(picture(), drop=True)]
    server.tell("/a", torn)
    server.tell("/a", *failures, Reply(picture()))
    assert await results.fetch(f"{server.url}/a") == picture()
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("page", [b"<html>bad gateway</html>", b""])
async def test_a_page_in_a_pictures_place_is_asked_again_for_the_picture(
    results: Results, server: Server, pauses: Pauses, page: bytes
) -> None:
    server.tell("/a", Reply(page), Reply(page), Reply(picture()))
    assert await results.fetch(f"{server.url}/a") == picture()
    assert pauses == [0.5, 1.0]


async def test_what_stays_in_a_pictures_place_is_paid_and_handed_on(
    results: Results, server: Server
) -> None:
    server.tell("/a", *[Reply(b"<html>what is this?</html>")] * 3)
    assert await results.fetch(f"{server.url}/a") == b"<html>what is this?</html>"
    assert len(server.seen) == 3


async def test_nothing_in_a_pictures_place_is_nothing_to_keep(
    results: Results, server: Server
) -> None:
    server.tell("/a", *[Reply(b"")] * 6)
    with pytest.raises(ServerFault):
        await results.fetch(f"{server.url}/a")


async def test_patience_ends(results: Results, server: Server, pauses: Pauses) -> None:
    server.tell("/a", *[Reply(status=500)] * 6)
    with pytest.raises(ServerFault) as caught:
        await results.fetch(f"{server.url}/a")
    assert caught.value.detail == "HTTP 500"
    assert len(server.seen) == len(pauses) + 1 == 6


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b"AccessDenied", status=403), "ResultNotFetched"),
        (Reply(b"\xff\xd8\xff" + bytes(100_000)), "ResultTooLarge"),
        (Reply(status=302, headers={"Location": "http://["}), "ResultElsewhere"),
        (Reply(status=304), "ResultNotFetched"),
    ],
    ids=["expired", "endless", "nowhere", "unchanged"],
)
async def test_what_will_not_mend_is_not_asked_for_again(
    results: Results, server: Server, reply: Reply, code: str
) -> None:
    server.tell("/a", reply)
    with pytest.raises(ResultLost) as caught:
        await results.fetch(f"{server.url}/a")
    assert caught.value.api_code == code
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://example.com/a.png",
        "https://myqcloud.com.example.com/a.png",
        "https://evilmyqcloud.com/a.png",
        "https://a.cos.myqcloud.com:8443/a.png",
        "https://user@a.cos.myqcloud.com/a.png",
        "http://127.0.0.1:1/a.png",
        "ftp://a.cos.myqcloud.com/a.png",
        "file:///etc/passwd",
        "a.png",
        "",
        "http://[",
    ],
)
async def test_a_foreign_address_is_never_asked(results: Results, address: str) -> None:
    with pytest.raises(ResultLost) as caught:
        await results.fetch(address)
    assert caught.value.api_code == "ResultElsewhere"


@pytest.mark.parametrize(
    "host", ["aiart-1.cos.ap-guangzhou.myqcloud.com", "251000800.vod2.myqcloud.com"]
)
async def test_tencents_own_addresses_are_asked_by_https_even_when_named_by_http(
    server: Server, pauses: Pauses, host: str
) -> None:
    proxy = Proxy()
    async with httpx.AsyncClient(transport=proxy) as client:
        results = Results(client, endpoints=[server.url], sleep=pauses)
        await results.fetch(f"http://{host}/x.jpg?q-sign-time=1;2")
    assert proxy.asked == [f"https://{host}/x.jpg?q-sign-time=1;2"]


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        (["media.example.com"], "http://media.example.com/a.png"),
        (["media.example.com"], "https://MEDIA.example.com/a.png"),
        ([".example.com"], "https://media.example.com/a.png"),
        ([".example.com"], "https://a.media.example.com/a.png"),
    ],
)
async def test_the_operators_own_hosts_are_asked_by_https(hosts: list[str], address: str) -> None:
    proxy = Proxy()
    async with httpx.AsyncClient(transport=proxy) as client:
        await Results(client, endpoints=[], hosts=hosts).fetch(address)
    assert proxy.asked == [f"https://{address.partition('://')[2].lower()}"]


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        (["media.example.com"], "https://evil.media.example.com/a.png"),
        (["media.example.com"], "https://evilmedia.example.com/a.png"),
        (["media.example.com"], "https://media.example.com:8443/a.png"),
        ([".example.com"], "https://example.com/a.png"),
        ([".example.com"], "https://evilexample.com/a.png"),
    ],
)
async def test_a_host_of_the_operators_does_not_stand_for_its_neighbours(
    hosts: list[str], address: str
) -> None:
    proxy = Proxy()
    async with httpx.AsyncClient(transport=proxy) as client:
        with pytest.raises(ResultLost):
            await Results(client, endpoints=[], hosts=hosts).fetch(address)
    assert proxy.asked == []


def mended(error: ResultLost) -> OperatorFault:
    assert isinstance(error.__cause__, OperatorFault)
    return error.__cause__


async def test_a_foreign_host_is_named_to_the_operator_and_nothing_else_of_the_address(
    results: Results,
) -> None:
    with pytest.raises(ResultLost) as caught:
        await results.fetch("https://media.example.com/secret/a.png?sign=secret")
    fault = mended(caught.value)
    assert fault.reach == "api"
    assert "media.example.com" in fault.remedy
    assert "[results]" in fault.remedy
    assert "media.example.com" in fault.detail == caught.value.detail
    assert "secret" not in fault.remedy + fault.detail


async def test_a_protected_address_is_the_operators_to_mend_and_an_expired_one_is_not(
    results: Results, server: Server
) -> None:
    server.tell("/a", Reply(status=403), Reply(status=403))
    with pytest.raises(ResultLost) as protected:
        await results.fetch(f"{server.url}/a")
    assert "access protection" in mended(protected.value).remedy
    with pytest.raises(ResultLost) as expired:
        await results.fetch(f"{server.url}/a?q-sign-time=1;2")
    assert expired.value.__cause__ is None


async def test_an_https_endpoint_does_not_let_its_results_come_in_the_clear() -> None:
    proxy = Proxy()
    async with httpx.AsyncClient(transport=proxy) as client:
        results = Results(client, endpoints=["https://vod.intl.tencentcloudapi.com"])
        await results.fetch("http://vod.intl.tencentcloudapi.com/x.jpg")
    assert proxy.asked == ["https://vod.intl.tencentcloudapi.com/x.jpg"]


async def test_a_redirect_is_followed_on_the_same_ground_only(
    results: Results, server: Server
) -> None:
    server.tell("/a", Reply(status=302, headers={"Location": "/b"}))
    server.tell("/b", Reply(picture()))
    assert await results.fetch(f"{server.url}/a") == picture()
    server.tell("/c", Reply(status=302, headers={"Location": "http://169.254.169.254/"}))
    with pytest.raises(ResultLost):
        await results.fetch(f"{server.url}/c")
    assert server.paths() == ["/a", "/b", "/c"]


async def test_redirects_in_a_circle_end(results: Results, server: Server) -> None:
    server.tell("/a", *[Reply(status=302, headers={"Location": "/a"})] * 9)
    with pytest.raises(ResultLost):
        await results.fetch(f"{server.url}/a")
    assert len(server.seen) == 3
