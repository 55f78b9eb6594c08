"""`easel doctor --post-test`: posts labelled pictures, and looks what of the labels comes back."""

import asyncio
import io
import re
from collections.abc import Sequence

import discord
import httpx
from PIL import Image

from bot.checkup.findings import Finding, Status
from bot.checkup.keeping.addresses import addresses
from bot.checkup.keeping.survival import survival
from bot.checkup.login import logged_in
from bot.domain.jobs.job import lowest_job_id_at
from bot.domain.labels.label import Label
from bot.domain.labels.wording import USUAL_LABEL
from bot.domain.operator_errors import ChannelUnusable, SettingsError
from bot.domain.pictures.picture import Picture
from bot.domain.wording.file_sizes import MIB
from bot.domain.wording.unreachable import why_unreachable
from bot.imaging.labels.finish import Labeller
from bot.painting.paint import paint
from bot.parts import signer_of
from bot.ports.clock import Clock
from bot.settings.config import Settings

_CHANNEL = re.compile(r"(?:https://(?:\w+\.)?discord\.com/channels/\d+/)?(\d{5,20})")
_PROMPT, _SIDES, _SEED = "a small red boat on calm water", (1024, 768), 7
_KINDS = ("PNG", "JPEG", "WEBP")
_ROOM_BYTES = 25 * MIB
_MOST_BYTES = 32 * MIB
_WAITED_S = 30.0
_SAID = (
    "A test of labels by whoever runs this bot: a program drew these pictures, and they are "
    "labelled as results are, to see what Discord keeps of that."
)
# What a person sees of a forwarded or saved picture; previews are bare, as everybody knows.
_WHOLE = ("attachment", "forwarded")


def channel_id_of(typed: str) -> int:
    """Return the id that a channel's id or link names; raises SettingsError."""
    found = _CHANNEL.fullmatch(typed.strip())
    if found is None:
        raise SettingsError("--post-test: write a channel's id, or copy its link in Discord")
    return int(found[1])


async def post_test(settings: Settings, channel_id: int, *, now: Clock) -> list[Finding]:
    """Post one PNG, JPEG and WebP and say for each address what came back.

    Raises SettingsError, DiscordUnreachable or ChannelUnusable.
    """
    pictures = await _labelled(settings, now())
    async with logged_in(settings) as client:
        try:
            found = await _posted(client, channel_id, pictures)
        except discord.HTTPException as error:
            raise ChannelUnusable(channel=channel_id, why=error.text or error.status) from error
    async with httpx.AsyncClient(timeout=_WAITED_S, follow_redirects=True) as http:
        return [
            await _looked_at(http, f"{picture.extension} {name}", picture.data, url)
            for picture, urls in zip(pictures, found, strict=True)
            for name, url in urls.items()
        ]


async def _labelled(settings: Settings, now: float) -> Sequence[Picture]:
    """Return one picture in each format, as results are finished."""
    drawn = Image.open(io.BytesIO(paint(_PROMPT, _SIDES, seed=_SEED)))
    raw = []
    for kind in _KINDS:
        out = io.BytesIO()
        drawn.save(out, kind)
        raw.append(out.getvalue())
    label = Label(
        text=USUAL_LABEL,
        producer=settings.label_rules.producer,
        job_id=lowest_job_id_at(now),
        system="a test of labels",
        created_at=now,
    )
    signer = signer_of(settings, lambda: now)
    seal = None if signer is None else signer.seal(label, [])
    # Of no job, so there is nothing to record.
    finished = (Labeller(each, label, seal) for each in raw)
    return [await asyncio.to_thread(each.within, _ROOM_BYTES) for each in finished]


async def _posted(
    client: discord.Client, channel_id: int, pictures: Sequence[Picture]
) -> list[dict[str, str]]:
    """Post the pictures, forward them, and return the addresses of each; the copy goes again."""
    channel = await client.fetch_channel(channel_id)
    if not isinstance(channel, discord.abc.Messageable):
        why = "nothing can be posted in a channel of its kind"
        raise ChannelUnusable(channel=channel_id, why=why)
    files = [
        discord.File(io.BytesIO(each.data), f"easel-label-test.{each.extension}")
        for each in pictures
    ]
    sent = await channel.send(_SAID, files=files, allowed_mentions=discord.AllowedMentions.none())
    forwarded = await sent.forward(channel)
    by_name = addresses(await channel.fetch_message(sent.id), forwarded)
    await forwarded.delete()
    return [by_name[file.filename] for file in files]


async def _looked_at(http: httpx.AsyncClient, check: str, posted: bytes, url: str) -> Finding:
    try:
        got = await _downloaded(http, url)
    except (httpx.HTTPError, ValueError) as error:
        return Finding(check, Status.BAD, f"cannot be downloaded: {why_unreachable(error)}")
    found = survival(posted, got)
    is_whole = check.rpartition(" ")[2] in _WHOLE
    status = Status.WARNING if found.lost and (is_whole or not found.kept) else Status.GOOD
    return Finding(check, status, str(found))


async def _downloaded(http: httpx.AsyncClient, url: str) -> bytes:
    got = bytearray()
    async with http.stream("GET", url) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            got += part
            if len(got) > _MOST_BYTES:
                raise ValueError("it is larger than anything that was posted")
    return bytes(got)
