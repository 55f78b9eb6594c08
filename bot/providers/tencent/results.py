"""Fetches finished pictures from the addresses that the API names, and from nowhere else."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

import httpx

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.pictures.errors import NotAPicture, PictureFormatRefused
from bot.domain.provider_errors import OperatorFault, ProviderError, ServerFault
from bot.domain.wording.file_sizes import MIB
from bot.imaging.files.sniff import sniff
from bot.ports.clock import Sleep

# COS buckets (ImageToImage example, 2026-04) and VOD's hosts (two recorded replies, 2026-08), with
# the other domains that Tencent's consoles hand out for both.
_DOMAINS = (
    ".myqcloud.com",
    ".tencentcos.cn",
    ".tencentcos.com",
    ".vod-qcloud.com",
    ".vod-qcloud.cn",
    ".qcloud.com",
    ".tencentcloudapi.com",
)
_MAX_BYTES = 64 * MIB  # a 4096 x 4096 PNG has about 30 MB
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_TOTAL_S = 120.0
_MAX_REDIRECTS = 3
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_TRIES_FOR_A_PICTURE = 3  # a store in trouble may answer a page instead


class Results:
    """Fetches with retries, since fetching costs nothing and the picture is paid for.

    `hosts` are the operator's own distribution domains: a host, or with a leading dot all below it.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        endpoints: Collection[str],
        hosts: Collection[str] = (),
        max_bytes: int = _MAX_BYTES,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._near = {_place(httpx.URL(endpoint)) for endpoint in endpoints}
        self._hosts = {host for host in hosts if not host.startswith(".")}
        self._domains = (*_DOMAINS, *(host for host in hosts if host.startswith(".")))
        self._max_bytes = max_bytes
        self._sleep = sleep

    async def fetch(self, address: str) -> bytes:
        """Return the encoded picture.

        Or whatever is there in its place after three tries: it is paid, and not judged here.
        Raises ServerFault where asking again later may help, ResultLost where it will not:
        a foreign address, a refused one (HTTP 403 once its signature expired), something that
        has no end. Where only the operator can mend that, its cause is an OperatorFault.
        """
        for number, pause_s in enumerate((*_PAUSES_S, None), 1):
            try:
                async with asyncio.timeout(_TOTAL_S):
                    data = await self._follow(self._allowed(address))
                return _checked(data, is_final=number >= _TRIES_FOR_A_PICTURE)
            except (httpx.RequestError, TimeoutError, ServerFault) as error:
                if pause_s is None:
                    name = type(error).__name__
                    said = error.detail if isinstance(error, ProviderError) else name
                    raise ServerFault("ResultNotFetched", detail=said) from error
                await self._sleep(pause_s)
        raise AssertionError("the last try either returns or raises")

    async def _follow(self, url: httpx.URL) -> bytes:
        for _ in range(_MAX_REDIRECTS):
            async with self._client.stream("GET", url, timeout=_TIMEOUT) as reply:
                if not reply.has_redirect_location:
                    return await self._read(reply, url)
                url = self._allowed(reply.headers["Location"], seen_at=url)
        raise ResultLost("ResultNotFetched", detail="too many redirects")

    async def _read(self, reply: httpx.Response, url: httpx.URL) -> bytes:
        if not reply.is_success:
            raise _refused(reply.status_code, url)
        data = bytearray()
        async for piece in reply.aiter_bytes():
            data += piece
            if len(data) > self._max_bytes:
                raise ResultLost("ResultTooLarge", detail=f"over {self._max_bytes} bytes")
        return bytes(data)

    def _allowed(self, address: str, seen_at: httpx.URL | None = None) -> httpx.URL:
        """Return the URL to ask: as it is on a configured endpoint, else https on Tencent's own.

        A reply is only data, and must not make this machine ask its neighbours for things.
        """
        host = ""
        with suppress(httpx.InvalidURL, ValueError):
            url = seen_at.join(address) if seen_at else httpx.URL(address)
            is_web = url.scheme in ("http", "https") and not url.userinfo
            if is_web and _place(url) in self._near:
                return url
            host = _host(url) if is_web and url.port is None else ""
            if host in self._hosts or host.endswith(self._domains):
                return url.copy_with(scheme="https")
        raise _elsewhere(host)


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _elsewhere(host: str) -> ProviderError:
    """Return the error of an address that is not asked; its host alone is told, as far as any."""
    if not host:
        return ResultLost("ResultElsewhere", detail="the result's address cannot be asked")
    detail = f"the result is at {host}, which is not Tencent's"
    return _lost(
        "ResultElsewhere",
        detail,
        f"if {host} is your own distribution domain, add it to `hosts` under [results] in "
        "easel.toml and start Easel again.",
    )


def _refused(status: int, url: httpx.URL) -> ProviderError:
    """Return the error of a status; a store may know a new object late, but 403 is too late.

    An address without a signature cannot have expired: its domain asks for one.
    """
    code, detail = "ResultNotFetched", f"HTTP {status}"
    if status == httpx.codes.FORBIDDEN and not url.query:
        host = _host(url)
        remedy = f"switch off the access protection (key, referer, addresses) of {host}."
        return _lost(code, f"{detail} from {host}", remedy)
    is_passing = status >= httpx.codes.INTERNAL_SERVER_ERROR or status in (404, 408, 429)
    kind = ServerFault if is_passing else ResultLost
    return kind(code, detail=detail)


def _lost(code: str, detail: str, remedy: str) -> ProviderError:
    """Return the loss of one picture, caused by what would lose the next ones as well."""
    error = ResultLost(code, detail=detail)
    error.__cause__ = OperatorFault(code, detail=detail, reach="api", remedy=remedy)
    return error


def _checked(data: bytes, *, is_final: bool) -> bytes:
    """Raise ServerFault for what is no picture of any kind, as long as there is time."""
    try:
        sniff(data)
    except PictureFormatRefused:
        return data
    except NotAPicture:
        if is_final and data:
            return data
        detail = f"{len(data)} bytes that are no picture"
        raise ServerFault("ResultNotAPicture", detail=detail) from None
    return data
