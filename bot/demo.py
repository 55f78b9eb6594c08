"""`easel demo`: the real bot on the embedded stand-ins of Discord and Tencent."""

import asyncio
import contextlib
import json
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer

from bot import app as bot_app
from bot.sandbox.discord_commands import Upload
from bot.sandbox.message import Message
from bot.sandbox.page.routes import Page
from bot.sandbox.visitor import Reply, Visitor
from bot.services.usage import usage_objects
from bot.stage import open_stand_ins, running_among

_SECONDS_PER_PICTURE = 2.0
_PATIENCE_S = 60.0
_GLANCE_S = 0.05
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
        """Return the photo to restyle: the given file, or the shipped cat."""
        if self.image is not None:
            return Upload(self.image.name, self.image.read_bytes())
        cat = files("bot.sandbox").joinpath("photos/cat.jpg")
        return Upload("cat.jpg", cat.read_bytes())


async def run_demo(request: DemoRequest, stop: asyncio.Event) -> int:
    """Run the demo; returns the exit code: 0 only if every asked picture arrived."""
    page = Page(photo=request.photo())
    with tempfile.TemporaryDirectory(prefix="easel-demo-") as folder:
        async with (
            open_stand_ins(
                seconds_per_picture=_SECONDS_PER_PICTURE,
                port=0 if request.once else request.port,
                routes=page.add_to,
            ) as stand_ins,
            running_among(stand_ins, Path(folder), stop=stop) as app,
        ):
            ada = stand_ins.visitor("Ada")
            stand_ins.guild.add_member(ada.user, permissions=["MANAGE_GUILD"])
            if request.once:
                return await _once(ada, app, request)
            page.open(stand_ins.discord, ada, lambda: _ledger(app))
            origin = stand_ins.discord.origin
            typer.echo(f"The bot runs. Open {origin}/ in a browser; Ctrl-C stops it.")
            await stop.wait()
            return 0


async def _once(ada: Visitor, app: bot_app.App, request: DemoRequest) -> int:
    words = f"a lighthouse over the sea at dusk, {request.prompt}"
    typer.echo(f"Ada: /imagine {words}")
    imagined = await ada.imagine(words)
    typer.echo(f"Ada: /restyle {request.photo().filename} {request.prompt}")
    restyled = await ada.restyle(request.photo(), prompt=request.prompt)
    request.out.mkdir(parents=True, exist_ok=True)
    arrived = [
        await _save(request.out, name, reply)
        for name, reply in (("imagine", imagined), ("restyle", restyled))
    ]
    _print_ledger(await _settled_ledger(app))
    return 0 if all(arrived) else 1


async def _save(out: Path, name: str, reply: Reply) -> bool:
    """Write the posted pictures and the message of one reply; False if no picture came."""
    with contextlib.suppress(TimeoutError):
        await reply.until(lambda message: bool(message.attachments), timeout=_PATIENCE_S)
    message = reply.message
    pictures = await reply.pictures() if message else []
    for number, data in enumerate(pictures, start=1):
        suffix = Path(message.attachments[number - 1].filename).suffix if message else ""
        path = out / f"{name}-{number}{suffix}"
        path.write_bytes(data)
        typer.echo(f"  {path}  {len(data) / 1000:.0f} kB")
    (out / f"{name}.json").write_text(json.dumps(_shown(message), indent=2, ensure_ascii=False))
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
    typer.echo("Ledger:")
    for row in rows:
        typer.echo(
            f"  {row['job_id']}  /{row['command']:<8} {row['engine']:<8} {row['state']:<10} "
            f"{row['images']} picture  {row['cost_usd']:.2f} USD"
        )
