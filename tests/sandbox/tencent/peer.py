"""What these tests share: an account, pictures, a cheap artist, calls signed by the SDK."""

import asyncio
import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
from PIL import Image
from tencentcloud.common.sign import Sign

from bot.sandbox.tencent.server import ACTIONS, TencentSandbox

SECRET_ID = "AKIDexample"
SECRET_KEY = "example-key-0123456789"
APP = 1_500_000_001
NOW = 1_790_000_000.0  # 2026-09-21, 14:13:20 UTC
SERVICES = {
    "ImageToImage": ("aiart", "2022-12-29"),
    "CreateAigcImageTask": ("vod", "2018-07-17"),
    "DescribeTaskDetail": ("vod", "2018-07-17"),
    "ProcessImageAsync": ("vod", "2018-07-17"),
    "CreateProcessImageAsyncTemplate": ("vod", "2018-07-17"),
    "DescribeProcessImageAsyncTemplates": ("vod", "2018-07-17"),
}


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: float = NOW

    def __call__(self) -> float:
        return self.at


@dataclass
class PlainArtist:
    """Grey pictures at once, or when `go` is set; keeps what it was asked."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go.set()

    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        self.asked.append({"prompt": prompt, "seed": seed, "style": style})
        self.go.wait(10)
        return picture(size, kind="JPEG")

    def restyle(
        self,
        picture: bytes,
        *,
        prompt: str,
        strength: float = 0.7,
        style: str | None = None,
        seed: int = 0,
    ) -> bytes:
        self.asked.append({"prompt": prompt, "strength": strength, "style": style, "seed": seed})
        self.go.wait(10)
        return picture


def sandbox(**changes: Any) -> TencentSandbox:
    """An account whose pictures take no time and whose clock stands still, unless changed."""
    settings = {
        "secret_id": SECRET_ID,
        "secret_key": SECRET_KEY,
        "seconds_per_picture": 0.0,
        "now": Clock(),
        "artist": PlainArtist(),
    }
    return TencentSandbox(**{**settings, **changes})


def picture(
    size: tuple[int, int] = (64, 64), *, kind: str = "PNG", colour: str = "grey", **options: Any
) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def headers_for(
    tencent: TencentSandbox,
    action: str,
    body: bytes,
    *,
    at: float = NOW,
    key: str = SECRET_KEY,
    days_late: int = 0,
) -> dict[str, str]:
    """Headers of a call as Tencent documents them, signed by the official SDK."""
    service, version = SERVICES.get(action, ("aiart", "2022-12-29"))
    host = tencent.url.removeprefix("http://")
    date = datetime.fromtimestamp(at - 86_400 * days_late, UTC).strftime("%Y-%m-%d")
    signed = "content-type;host"
    canonical = f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\n{signed}\n"
    canonical += hashlib.sha256(body).hexdigest()
    scope = f"{date}/{service}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{int(at)}\n{scope}\n{digest}"
    signature = Sign.sign_tc3(key, date, service, text)
    return {
        "Content-Type": "application/json",
        "Host": host,
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Region": "ap-singapore",
        "X-TC-Timestamp": str(int(at)),
        "Authorization": f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, "
        f"SignedHeaders={signed}, Signature={signature}",
    }


def http_client() -> httpx.AsyncClient:
    # An empty TLS context: nothing here speaks TLS, and loading certificates takes 20 ms a client.
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(timeout=10, trust_env=False, verify=bare)


async def post(
    tencent: TencentSandbox, headers: dict[str, str], body: bytes, path: str = "/"
) -> httpx.Response:
    async with http_client() as client:
        return await client.post(tencent.url + path, content=body, headers=headers)


async def call(
    tencent: TencentSandbox, action: str, params: dict[str, Any], *, region: str | None = None
) -> dict[str, Any]:
    """A well signed call in a region that offers the action; gives what `Response` holds."""
    body = json.dumps(params).encode()
    headers = headers_for(tencent, action, body, at=tencent.account.now())
    headers["X-TC-Region"] = region or region_of(action)
    reply = await post(tencent, headers, body)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/json"
    response: dict[str, Any] = reply.json()["Response"]
    return response


def region_of(action: str) -> str:
    """The last of the regions that offer an action, any for one that needs none."""
    offered = sorted(ACTIONS[action].regions) if action in ACTIONS else []
    return offered[-1] if offered else "ap-singapore"


async def code_of(tencent: TencentSandbox, action: str, params: dict[str, Any]) -> str | None:
    """The error code of a call, None when it went well."""
    response = await call(tencent, action, params)
    code: str | None = response.get("Error", {}).get("Code")
    return code


async def get(url: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(url)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that other tasks bring about, for 10 seconds at most."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)


INLINE = {"Type": "Base64", "Base64": encoded(picture())}


def image_to_image(**changes: Any) -> dict[str, Any]:
    return {"InputImage": encoded(picture()), "Prompt": "a fox", **changes}


def image_task(**changes: Any) -> dict[str, Any]:
    named = {"SubAppId": APP, "ModelName": "GG", "ModelVersion": "3.0", "Prompt": "a fox"}
    return {**named, **changes}


def model(name: str, version: str, **more: Any) -> dict[str, Any]:
    return {"ModelName": name, "ModelVersion": version, **more}


def output(**options: Any) -> dict[str, Any]:
    return {"OutputConfig": options}


def files(reply: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reply["AigcImageTask"]["Output"]["FileInfos"]
    return found


async def finished(tencent: TencentSandbox, identity: str) -> dict[str, Any]:
    """What DescribeTaskDetail says of a task once it has finished."""
    task = tencent.account.tasks[identity]
    await until(lambda: task.finished is not None)
    return await call(tencent, "DescribeTaskDetail", {"SubAppId": APP, "TaskId": identity})


async def made(tencent: TencentSandbox, params: dict[str, Any]) -> dict[str, Any]:
    reply = await call(tencent, "CreateAigcImageTask", params)
    return await finished(tencent, reply["TaskId"])
