"""The demo's scripted round: one /imagine and one /restyle, and the files they leave."""

import asyncio
import contextlib
import json
import time
from pathlib import Path
from typing import Any

from bot import app as bot_app
from bot.checkup.places import write
from bot.cli.demo.request import OUT_REMEDY, DemoRequest
from bot.cli.printing import say
from bot.domain.operator_errors import NotPlayed
from bot.domain.wording.file_sizes import mib
from bot.sandbox.discord.visitor import NotAcknowledged, Reply, Visitor
from bot.sandbox.discord.world.forms import CannotSend
from bot.sandbox.discord.world.world import Message
from bot.services.usage.objects import usage_objects

_PATIENCE_S = 60.0
_GLANCE_S = 0.05
_FOREVER_S = 10 * 365 * 86400.0


async def play_once(ada: Visitor, app: bot_app.App, request: DemoRequest) -> int:
    """Play the round; returns 0 only if both pictures came. Raises NotPlayed or FileUnusable."""
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
        write(path, data, remedy=OUT_REMEDY)
        say(f"  {path}  {mib(len(data))}")
    if not pictures:
        say(f"  /{name}: no picture came. {message.text if message else 'Nobody answered.'}")
    shown = json.dumps(_shown(message), indent=2, ensure_ascii=False)
    write(out / f"{name}.json", shown.encode(), remedy=OUT_REMEDY)
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
