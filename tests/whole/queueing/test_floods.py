"""A flood of requests delays nobody else, and whoever is not reached in time is told so."""

import asyncio
import time
from pathlib import Path

from bot.cli.local_stack import StandIns, running_among
from tests.whole.conftest import Run, has_pictures, photo, until_settled

_FLOOD = 24
_SETTINGS = """
[limits]
queued_per_user = 100
per_guild = 3
per_user = 3
"""


async def test_a_newcomer_is_queued_before_the_rest_of_a_flood(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(_SETTINGS + "[quotas]\nuser_per_day = -1\n")
    stand_ins.tencent.seconds_per_picture = 0.2
    guild = stand_ins.discord.world.add_guild("elsewhere")
    channel = guild.add_channel("pictures")
    async with run():
        ada = stand_ins.visitor("Ada")
        upload = photo((1200, 900))
        flood = await asyncio.gather(*(ada.restyle(upload) for _ in range(_FLOOD)))
        bob = stand_ins.discord.visitor("Bob", guild, channel)
        reply = await bob.restyle(upload, prompt="as a stamp")
        await reply.until(lambda message: not message.loading)
        thinking = sum(one.message is not None and one.message.loading for one in flood)
        assert thinking > _FLOOD / 2
        await reply.until(has_pictures)
        for one in flood:
            await one.until(lambda message: not message.loading)


async def test_who_is_not_reached_before_the_token_ends_reads_so_and_pays_nothing(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    # For this bot every request is 14 minutes old, so that nobody can wait for a turn any more.
    async with running_among(stand_ins, tmp_path, now=lambda: time.time() + 860) as app:
        replies = await asyncio.gather(
            *(stand_ins.visitor(f"Member{number}").restyle(photo()) for number in range(12))
        )
        messages = [await reply.settled() for reply in replies]
        refused = [message for message in messages if "not reached in time" in message.text]
        assert 1 <= len(refused) < len(replies)
        assert all("Nothing was used from your quota" in message.text for message in refused)
        assert len(await until_settled(app, len(replies) - len(refused))) == 12 - len(refused)
