"""People who press what stands under a result, and results to press it on."""

from typing import Any

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from bot.worker.pruner import Keep, Pruner
from tests.whole.conftest import Clock, cat, has_pictures

DAY_S = 86400.0
KEEP = Keep(pictures_s=30 * DAY_S, words_s=180 * DAY_S)


def ada(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Ada")


async def a_month_passes(app: App, clock: Clock) -> None:
    clock.skipped += 31 * DAY_S
    store, blobs = app.storage.retention, app.storage.blobs
    await Pruner(store=store, blobs=blobs, keep=KEEP, now=clock).prune()


async def restyled(stand_ins: StandIns) -> Message:
    reply = await ada(stand_ins).restyle(cat(), prompt="as a mosaic", style="104")
    return await reply.until(has_pictures)


async def imagined(stand_ins: StandIns, **options: Any) -> Message:
    reply = await ada(stand_ins).imagine("a lighthouse", **options)
    return await reply.until(has_pictures)


def job_of(message: Message) -> str:
    """The id that every component of a result names."""
    return next(
        part["custom_id"].split(":")[2]
        for part in walk(message.components)
        if str(part.get("custom_id", "")).startswith("easel:again:")
    )


def offered(message: Message) -> list[str]:
    """What the select under a result has, in words."""
    return [
        option["label"]
        for part in walk(message.components)
        if str(part.get("custom_id", "")).startswith("easel:more:")
        for option in part["options"]
    ]


def fields(modal: dict[str, Any] | None) -> dict[str, Any]:
    """A form's fields by their custom ids."""
    return {
        part["custom_id"]: part for part in walk((modal or {})["components"]) if "custom_id" in part
    }


def forge(message: Message, job_id: str) -> None:
    """Let every component of a message name another job."""
    was = job_of(message)
    for part in walk(message.components):
        if "custom_id" in part:
            part["custom_id"] = part["custom_id"].replace(was, job_id)


def labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


async def chosen(stand_ins: StandIns, message: Message, what: str) -> Reply:
    """What becomes of a follow-up that Ada chooses; that of the button is pressed."""
    if what == "upscale":
        return await ada(stand_ins).press(message, "Upscale")
    select = f"easel:more:{job_of(message)}"
    return await ada(stand_ins).choose(message, what, custom_id=select)
