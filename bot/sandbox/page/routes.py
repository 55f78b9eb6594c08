"""The demo's page on the stand-in's own server: its files, and the routes behind them."""

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final

from aiohttp import web

from bot.sandbox.discord.visitor import NotAcknowledged
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.page import live, shown
from bot.sandbox.page.acts import Acts
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.knobs import CannotTurn, Knobs
from bot.sandbox.page.stage import Stage, photo

_TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_NO_ANSWER: Final = "{bot} did not answer within 3 seconds."
_WITHOUT_A_BOT: Final = ("say", "dismiss")
_OWN_SITE: Final = ("same-origin", "none")  # of Sec-Fetch-Site (Fetch Metadata, W3C)
_PAGE_MOST: Final = 100
_DIGITS_MOST: Final = 20  # of a snowflake, which has 64 bits
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serves the page once there is a stage to show."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._acts: Acts | None = None
        self._behind: Behind | None = None
        self._knobs: Knobs | None = None

    def add_to(self, app: web.Application) -> None:
        """Add the page's routes to a server that is about to start."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/client/{name}", self._client)
        app.router.add_get("/favicon.{end:svg|ico}", self._favicon)
        app.router.add_get("/page/photos/{name}", _plain(self._photo))
        app.router.add_get("/page/scene", _plain(self._scene))
        app.router.add_get("/page/commands", _plain(self._commands))
        app.router.add_get("/page/messages", _plain(self._messages))
        app.router.add_get("/page/live", _plain(self._live))
        app.router.add_post("/page/act", _plain(_told(self._act)))
        app.router.add_get("/page/behind", _plain(_told(self._show_behind)))
        app.router.add_get("/page/pictures/{name}", _plain(self._picture))
        app.router.add_get("/page/knobs", _plain(self._show_knobs))
        app.router.add_post("/page/knobs", _plain(_told(self._turn)))

    def open(self, stage: Stage, behind: Behind | None = None, knobs: Knobs | None = None) -> None:
        """Show this stage from now on, with what is behind it and what can be turned."""
        self._stage, self._acts = stage, Acts(stage)
        self._behind, self._knobs = behind, knobs

    async def _index(self, _: web.Request) -> web.Response:
        return _file("index.html")

    async def _client(self, request: web.Request) -> web.Response:
        return _file("client", request.match_info["name"])

    async def _favicon(self, _: web.Request) -> web.Response:
        return _file("client", "favicon.svg")

    async def _photo(self, request: web.Request) -> web.Response:
        picture = photo(request.match_info["name"])
        return web.Response(body=picture.data, content_type="image/jpeg")

    async def _scene(self, _: web.Request) -> web.Response:
        return web.json_response(shown.scene(self._shown()))

    async def _commands(self, request: web.Request) -> web.Response:
        stage, user = self._shown(), self._user(request)
        channel = stage.channel(user, request.query.get("channel", ""))
        return web.json_response(shown.commands(stage, user, channel))

    async def _messages(self, request: web.Request) -> web.Response:
        stage, user = self._shown(), self._user(request)
        channel = stage.channel(user, request.query.get("channel", ""))
        before = _number(request.query.get("before"), "before")
        limit = _number(request.query.get("limit"), "limit") or 50
        page = shown.history(
            stage, user, channel, before=before, limit=max(1, min(limit, _PAGE_MOST))
        )
        return web.json_response(page)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        return await live.stream(request, self._shown(), self._user(request))

    async def _act(self, request: web.Request) -> web.Response:
        stage, acts = self._shown(), self._acts
        asked, uploads = await _read(request)
        is_gone = stage.state().is_gone or not stage.discord.gateway.sessions
        if acts is None or (is_gone and asked.get("act") not in _WITHOUT_A_BOT):
            raise CannotSend(_absent(stage))
        try:
            done = await acts.perform(asked, uploads)
        except NotAcknowledged:
            raise CannotSend(_NO_ANSWER.format(bot=stage.discord.world.bot.name)) from None
        return web.json_response({"ok": True, "modal": None, "choices": None} | done)

    async def _show_behind(self, request: web.Request) -> web.Response:
        if self._behind is None:
            raise LookupError("Nothing is shown of what is behind.")
        parts = request.query.get("parts")
        shown_parts = await self._behind.read(parts.split(",") if parts else None)
        return web.Response(text=shown_parts, content_type="application/json")

    async def _picture(self, request: web.Request) -> web.Response:
        if self._behind is None:
            raise LookupError("That picture is no longer kept.")
        data = self._behind.picture(request.match_info["name"])
        # It is whatever somebody uploaded: a browser shows it as a picture or not at all.
        safe = {"X-Content-Type-Options": "nosniff"}
        return web.Response(body=data, content_type="image/jpeg", headers=safe)

    async def _show_knobs(self, _: web.Request) -> web.Response:
        return web.json_response(self._knobs.shown() if self._knobs else {"groups": []})

    async def _turn(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict) or self._knobs is None:
            raise _Malformed("A knob is turned by a JSON object with its id and value.")
        said = await self._knobs.turn(str(asked.get("id")), asked.get("value"))
        return web.json_response({"ok": True, "said": said})

    def _shown(self) -> Stage:
        if self._stage is None:
            text = json.dumps({"error": "The demo is still starting; try again in a second."})
            raise web.HTTPServiceUnavailable(text=text, content_type="application/json")
        return self._stage

    def _user(self, request: web.Request) -> User:
        stage = self._shown()
        asked = request.query.get("as")
        return stage.people[0].user if asked is None else stage.person(asked)


class _Malformed(ValueError):
    """No page of ours asks so; its text is a sentence."""


def _plain(handler: Handler) -> Handler:
    """Answer what cannot be had with its one sentence."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            _check_site(request)
            return await handler(request)
        except (_Malformed, CannotSend, LookupError) as refused:
            return web.json_response({"error": _sentence(refused)}, status=400)

    return answered


def _told(handler: Handler) -> Handler:
    """Answer a refusal as what it is, a good answer: a browser logs any other as an error."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (CannotSend, CannotTurn, LookupError) as refused:
            return web.json_response({"ok": False, "error": _sentence(refused)})

    return answered


def _sentence(refused: Exception) -> str:
    return str(refused.args[0]) if refused.args else "That cannot be had."


def _check_site(request: web.Request) -> None:
    """Let no other page that the visitor has open act here. Raises _Malformed."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method == "POST" and site not in _OWN_SITE:
        raise _Malformed("Only the demo's own page may do that.")


def _absent(stage: Stage) -> str:
    name, state = stage.discord.world.bot.name, stage.state()
    if state.state == "starting":
        return f"{name} is starting; try again in a moment."
    if state.state == "stopping":
        return f"{name} is stopping. {state.why}".strip()
    return f"{name} is not running. {state.why}".strip()


def _number(text: str | None, name: str) -> int | None:
    if text is None or text == "":
        return None
    if not text.isdecimal() or len(text) > _DIGITS_MOST:
        raise CannotSend(f"{name} is a number, not {text[:40]!r}.")
    return int(text)


async def _read(request: web.Request) -> tuple[JSON, dict[int, Upload]]:
    """Take the act and its files out of a form. Raises _Malformed."""
    try:
        form = await request.post()
        asked = json.loads(str(form.get("act")))
        json.dumps(asked, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise _Malformed("The field act holds one JSON object.")
    uploads = {
        int(name.removeprefix("file")): _upload(field)
        for name, field in form.items()
        if name.removeprefix("file").isdecimal() and isinstance(field, web.FileField)
    }
    return asked, uploads


def _upload(field: Any) -> Upload:
    return Upload(field.filename, field.file.read(), field.content_type)


def _file(*path: str) -> web.Response:
    """Return one of the page's own files; nothing outside of its folder."""
    found = files("bot.sandbox.page").joinpath(*path)
    kind = _TYPES.get("." + path[-1].rpartition(".")[2])
    if kind is None or "/" in path[-1] or not found.is_file():
        raise web.HTTPNotFound(text="There is no such file.")
    answer = web.Response(
        body=found.read_bytes(),
        headers={"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "no-cache"},
    )
    answer.enable_compression()
    return answer
