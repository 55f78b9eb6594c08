"""`easel demo`: the real bot on the embedded stand-ins of Discord and Tencent."""

import asyncio
import contextlib
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot import app as bot_app
from bot.checkup.places import check_folder, write
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.cli.printing import say
from bot.domain.errors import EaselError
from bot.domain.operator_errors import FileUnusable, NotPlayed, PortUnusable
from bot.domain.wording.file_sizes import mib
from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import NotAcknowledged, Reply, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.world import Message
from bot.sandbox.page.routes import Page
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import BotState
from bot.services.usage import usage_objects

_SECONDS_PER_PICTURE = 2.0
_PATIENCE_S = 60.0
_GLANCE_S = 0.05
_OUT_REMEDY = "Choose another folder with --out."
_IMAGE_REMEDY = "Choose another file with --image."
_FOREVER_S = 10 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What was asked on the command line."""

    port: int
    once: bool
    image: Path | None
    prompt: str
    out: Path

    def photo(self) -> Upload:
        """Return the photo to restyle: the given file, or the shipped cat; raises FileUnusable."""
        if self.image is not None:
            return Upload(self.image.name, _read(self.image))
        cat = files("bot.sandbox").joinpath("photos/cat.jpg")
        return Upload("cat.jpg", cat.read_bytes())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise FileUnusable(file=file, done="read", why=why, remedy=_IMAGE_REMEDY) from None


def check_out(request: DemoRequest) -> None:
    """Raise FileUnusable where the scripted round could not write what it gets."""
    if request.once:
        check_folder(request.out, remedy=_OUT_REMEDY)


async def run_demo(request: DemoRequest, stop: asyncio.Event) -> int:
    """Run the demo until `stop`; returns the exit code: 0 only if every asked picture arrived.

    Raises FileUnusable, PortUnusable, NotPlayed or OutputUnusable.
    """
    page = Page()
    with tempfile.TemporaryDirectory(prefix="easel-demo-") as folder:
        async with (
            _stand_ins(request, page) as stand_ins,
            running_among(stand_ins, Path(folder), stop=stop) as app,
        ):
            try:
                play = _play(request, page, stand_ins, app)
                return await _unless_stopped(stop, play, stopped=int(request.once))
            except (EaselError, BrokenPipeError) as error:
                failure = error
        # Out here, because the bot's task group would wrap what is raised inside.
        raise failure


@contextlib.asynccontextmanager
async def _stand_ins(request: DemoRequest, page: Page) -> AsyncIterator[StandIns]:
    port = 0 if request.once else request.port
    opening = open_stand_ins(
        seconds_per_picture=_SECONDS_PER_PICTURE, port=port, routes=page.add_to
    )
    async with contextlib.AsyncExitStack() as opened:
        try:
            stand_ins = await opened.enter_async_context(opening)
        except OSError as error:
            raise PortUnusable(port=port, why=os.strerror(error.errno or 0)) from None
        yield stand_ins


async def _unless_stopped(
    stop: asyncio.Event, play: Coroutine[Any, Any, int], *, stopped: int
) -> int:
    """Return what the play does, or `stopped` if a stop ended it."""
    playing, stopping = asyncio.create_task(play), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        playing.cancel()
        await asyncio.wait({playing})
    return stopped if playing.cancelled() else playing.result()


async def _play(request: DemoRequest, page: Page, stand_ins: StandIns, app: bot_app.App) -> int:
    if request.once:
        return await _once(stand_ins.visitor("Ada"), app, request)
    discord = stand_ins.discord
    page.open(set_up(discord, stand_ins.guild, stand_ins.channel, lambda: _state(discord)))
    say(f"The bot runs. Open {stand_ins.discord.origin}/ in a browser; Ctrl-C stops it.")
    await asyncio.Event().wait()
    return 0


def _state(discord: DiscordSandbox) -> BotState:
    return BotState("up" if discord.gateway.ready() else "starting")


async def _once(ada: Visitor, app: bot_app.App, request: DemoRequest) -> int:
    words = f"a lighthouse over the sea at dusk, {request.prompt}"
    photo = request.photo()
    try:
        say(f"Ada: /imagine {words}")
        imagined = await ada.imagine(words)
        say(f"Ada: /restyle {photo.filename} {request.prompt}")
        restyled = await ada.restyle(photo, prompt=request.prompt)
    except (CannotSend, NotAcknowledged) as error:
        raise NotPlayed(why=error) from None
    arrived = [
        await _save(request.out, name, reply)
        for name, reply in (("imagine", imagined), ("restyle", restyled))
    ]
    _print_ledger(await _settled_ledger(app))
    return 0 if all(arrived) else 1


async def _save(out: Path, name: str, reply: Reply) -> bool:
    """Write the posted pictures and the message of one reply; False if no picture came."""
    with contextlib.suppress(TimeoutError):
        await reply.settled(timeout=_PATIENCE_S)
    message = reply.message
    pictures = await reply.pictures() if message else []
    for number, data in enumerate(pictures, start=1):
        suffix = Path(message.attachments[number - 1].filename).suffix if message else ""
        path = out / f"{name}-{number}{suffix}"
        write(path, data, remedy=_OUT_REMEDY)
        say(f"  {path}  {mib(len(data))}")
    if not pictures:
        say(f"  /{name}: no picture came. {message.text if message else 'Nobody answered.'}")
    shown = json.dumps(_shown(message), indent=2, ensure_ascii=False)
    write(out / f"{name}.json", shown.encode(), remedy=_OUT_REMEDY)
    return bool(pictures)


def _shown(message: Message | None) -> dict[str, Any]:
    if message is None:
        return {}
    return {
        "author": message.author.name,
        "text": message.text,
        "attachments": [
            {"filename": a.filename, "description": a.description} for a in message.attachments
        ],
        "components": message.components,
    }


async def _settled_ledger(app: bot_app.App) -> list[dict[str, Any]]:
    """Return the ledger once every job is settled, which comes a moment after the post."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            rows = await _ledger(app)
            while not all(row["finished_at"] for row in rows):
                await asyncio.sleep(_GLANCE_S)
                rows = await _ledger(app)
    return await _ledger(app)


async def _ledger(app: bot_app.App) -> list[dict[str, Any]]:
    return await usage_objects(app.storage.usage, now=time.time(), span_s=_FOREVER_S)


def _print_ledger(rows: list[dict[str, Any]]) -> None:
    say("Ledger:")
    for row in rows:
        say(
            f"  {row['job_id']}  /{row['command']:<8} {row['engine']:<8} {row['state']:<10} "
            f"{row['images']} picture  {row['cost_usd']:.2f} USD"
        )
