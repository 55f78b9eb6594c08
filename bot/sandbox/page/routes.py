"""The demo's page: the channel as its members see it, and a form that acts as one of them."""

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final

from aiohttp import web

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.world import Message

Ledger = Callable[[], Awaitable[list[dict[str, Any]]]]

# Which of the form's fields become options of a command.
_TAKEN: Final = {
    "imagine": ("prompt",),
    "restyle": ("image", "prompt"),
    "tool refine": ("image",),
    "tool outpaint": ("image", "ratio"),
    "tool sketch": ("image", "prompt"),
    "tool avatar": ("image",),
    "jobs": (),
    "quota show": (),
    "queue show": (),
}
_FIXED: Final[dict[str, dict[str, Any]]] = {
    "tool avatar": {"subject": "pet", "filter": False}  # the shipped cat is small
}


class Page:
    """Serves the page on the stand-in's own server once a visitor is in the channel."""

    def __init__(self, *, photo: Upload) -> None:
        self._photo = photo
        self._opened: tuple[DiscordSandbox, Visitor, Ledger] | None = None

    def add_to(self, app: web.Application) -> None:
        """Add the page's routes to a server that is about to start."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/state", self._state)
        app.router.add_get("/page/changes", self._changes)
        app.router.add_post("/page/ask", self._ask)
        app.router.add_post("/page/press", self._press)

    def open(self, discord: DiscordSandbox, visitor: Visitor, ledger: Ledger) -> None:
        """Show this visitor's channel from now on."""
        self._opened = (discord, visitor, ledger)

    async def _index(self, _: web.Request) -> web.Response:
        html = files("bot.sandbox.page").joinpath("index.html").read_text("utf-8")
        return web.Response(text=html, content_type="text/html")

    async def _state(self, _: web.Request) -> web.Response:
        discord, visitor, ledger = self._stage()
        messages = [_shown(discord, m) for m in discord.world.messages(visitor.channel)]
        return web.json_response(
            {
                "guild": visitor.channel.guild.name if visitor.channel.guild else "",
                "channel": visitor.channel.name,
                "messages": messages,
                "ledger": await ledger(),
            }
        )

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Send one server-sent event after every change, until the page goes away."""
        discord, _, _ = self._stage()
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with discord.world.listen() as queue:
            await stream.write(b"data: hello\n\n")
            while True:
                change = await queue.get()
                await stream.write(b"data: " + json.dumps(change.kind).encode() + b"\n\n")

    async def _ask(self, request: web.Request) -> web.Response:
        _, visitor, _ = self._stage()
        form = await request.post()
        command = str(form.get("command") or "imagine")
        taken = _TAKEN.get(command, ())
        texts = {name: str(form.get(name) or "").strip() for name in taken if name != "image"}
        options: dict[str, Any] = {name: text for name, text in texts.items() if text}
        if "image" in taken:
            options["image"] = self._upload(form.get("image"))
        try:
            await visitor.use(command, **options, **_FIXED.get(command, {}))
        except (CannotSend, NotAcknowledged) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})

    async def _press(self, request: web.Request) -> web.Response:
        discord, visitor, _ = self._stage()
        form = await request.post()
        message = discord.world.message(visitor.channel, str(form.get("message")))
        if message is None:
            return web.json_response({"error": "the message is gone"}, status=400)
        try:
            await visitor.press(message, custom_id=str(form.get("button")))
        except (CannotSend, NotAcknowledged) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})

    def _upload(self, field: Any) -> Upload:
        if isinstance(field, web.FileField) and field.filename:
            return Upload(field.filename, field.file.read())
        return self._photo

    def _stage(self) -> tuple[DiscordSandbox, Visitor, Ledger]:
        if self._opened is None:
            raise web.HTTPServiceUnavailable(text="The bot is still starting; reload in a second.")
        return self._opened


def _shown(discord: DiscordSandbox, message: Message) -> dict[str, Any]:
    asked = message.interaction or {}
    return {
        "id": message.id,
        "author": message.author.name,
        "asked_by": asked.get("user", {}).get("username", ""),
        "loading": message.loading,
        "ephemeral": message.ephemeral,
        "text": message.text,
        "colour": next((part.get("accent_color") for part in message.components), None),
        "pictures": [
            {"url": discord.cdn.url(attachment), "description": attachment.description}
            for attachment in message.attachments
        ],
        "buttons": [
            {"label": button.label, "id": button.custom_id}
            for button in message.buttons
            if button.custom_id and not button.disabled
        ],
    }
