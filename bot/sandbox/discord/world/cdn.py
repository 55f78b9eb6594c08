"""The CDN: keeps uploads and results, and serves them behind signed links that expire."""

import hashlib
import hmac
import mimetypes
import re
import secrets
import warnings
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from urllib.parse import quote

from aiohttp import web
from multidict import MultiMapping
from PIL import Image

from bot.sandbox.discord.treatment import Treatment, preview, treated
from bot.sandbox.discord.world.message import Attachment
from bot.sandbox.discord.world.world import World

_PROXY = "proxy"  # in the query of an address, where Discord has another host
LINK_LIFE_S = 24 * 3600.0  # community observation, the docs give no duration


def picture_size(data: bytes) -> tuple[int, int] | tuple[None, None]:
    """Width and height in pixels as the header says, or two Nones for what is no picture."""
    with warnings.catch_warnings():
        # Hostile uploads are the bot's business; here only the header is read.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        try:
            with Image.open(BytesIO(data)) as image:
                return image.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None, None


def _asked(query: MultiMapping[str]) -> tuple[tuple[int, int] | None, str | None]:
    """Return the size and the format that an address asks the media proxy for."""
    sides = query.get("width", ""), query.get("height", "")
    size = (int(sides[0]), int(sides[1])) if all(side.isdecimal() for side in sides) else None
    return size, query.get("format")


async def _streamed(request: web.Request, body: Iterable[bytes]) -> web.StreamResponse:
    """Send a body piece by piece, its length unsaid, for as long as somebody reads it."""
    response = web.StreamResponse()
    await response.prepare(request)
    with suppress(ConnectionError):
        for piece in body:
            await response.write(piece)
    return response


class Cdn:
    """Files by attachment id. `life_s` is how long a new link works, by the world's clock."""

    def __init__(self, world: World, *, life_s: float = LINK_LIFE_S) -> None:
        self.life_s = life_s
        self.origin = ""
        self._world = world
        self._key = secrets.token_bytes(32)
        self._files: dict[str, Attachment] = {}
        self.redirects: dict[str, str] = {}
        self.bodies: dict[str, Iterable[bytes]] = {}
        self.treatment = Treatment.KEPT

    def store(
        self,
        channel_id: str,
        filename: str,
        data: bytes,
        *,
        content_type: str | None = None,
        description: str | None = None,
    ) -> Attachment:
        """Keep a file; its name is reduced to letters, digits, dot, dash and underscore."""
        name = re.sub(r"[^\w.-]+", "_", filename) or "file"
        data = treated(data, self.treatment)
        kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        width, height = picture_size(data)
        attachment = Attachment(
            self._world.snowflake(), channel_id, name, kind, data, description, width, height
        )
        self._files[attachment.id] = attachment
        return attachment

    def url(self, attachment: Attachment) -> str:
        """Sign a fresh link: `ex` and `is` in hexadecimal unix seconds, `hm` the signature."""
        issued = int(self._world.now())
        expires = int(issued + self.life_s)
        path = self._path(attachment.channel_id, attachment.id, attachment.filename)
        signature = self._sign(path, f"{expires:x}", f"{issued:x}")
        return f"{self.origin}{quote(path)}?ex={expires:x}&is={issued:x}&hm={signature}"

    def proxied(self, url: str) -> str:
        """Return the media proxy's address for one of the CDN's: as with Discord, of one path."""
        return f"{url}&{_PROXY}="

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a link with its bytes, or 404 when it is wrong or expired.

        `redirects` sends those of a file's name to another address instead, `bodies` answers with
        other bytes than were stated. The media proxy gives the size and the format that its address
        asks for.
        """
        place = request.match_info
        if place["name"] in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[place["name"]]})
        path = self._path(place["channel"], place["id"], place["name"])
        ex, issued = request.query.get("ex", ""), request.query.get("is", "")
        signed = hmac.compare_digest(request.query.get("hm", ""), self._sign(path, ex, issued))
        attachment = self._files.get(place["id"])
        if not signed or attachment is None or self._world.now() >= int(ex, 16):
            return web.Response(status=404, text="This content is no longer available.")
        if place["name"] in self.bodies:
            return await _streamed(request, self.bodies[place["name"]])
        # Whatever somebody uploaded is shown beside the page, and never acts as a part of it.
        headers = {
            "Content-Type": attachment.content_type,
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        size, kind = _asked(request.query)
        if _PROXY not in request.query or (size is None and kind is None):
            return web.Response(body=attachment.data, headers=headers)
        whole = (attachment.width or 1, attachment.height or 1)
        body = preview(attachment.data, size or whole, kind)
        return web.Response(body=body, headers=headers)

    async def serve_emoji(self, request: web.Request) -> web.Response:
        """Answer /emojis/ID.webp with the picture, or 404 for what no server has."""
        for guild in self._world.guilds.values():
            for emoji in guild.emojis:
                if request.match_info["name"] == f"{emoji.id}.webp":
                    lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
                    body = emoji.draw()
                    return web.Response(body=body, content_type="image/webp", headers=lasting)
        return web.Response(status=404, text="There is no such emoji.")

    def find(self, url: str) -> Attachment | None:
        """Find the file a link of this CDN leads to, expired or not."""
        found = re.search(r"/attachments/\d+/(\d+)/", url)
        return self._files.get(found[1]) if found else None

    @staticmethod
    def _path(channel_id: str, attachment_id: str, filename: str) -> str:
        return f"/attachments/{channel_id}/{attachment_id}/{filename}"

    def _sign(self, path: str, ex: str, issued: str) -> str:
        return hmac.new(self._key, f"{path}?{ex}&{issued}".encode(), hashlib.sha256).hexdigest()
