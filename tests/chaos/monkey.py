"""Runs the real bot as a process among the stand-ins and kills it at random moments."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.stamp import Stamp, photo
from bot.sandbox.discord_commands import CannotSend, Upload
from bot.sandbox.visitor import NotAcknowledged, Reply, Visitor
from bot.stage import StandIns, open_stand_ins

_ROOT = Path(__file__).parents[2]
_SECONDS_PER_PICTURE = 0.4
_VISITORS = 6
_START_S = 30.0
_PATIENCE_S = 90.0
_CANCELLED = 0.3  # of all requests, as far as they are not over by then
# The account has room: after a kill a lost call keeps its slot for minutes, and this is about
# jobs, not about slots.
_AIART_SLOTS, _VOD_SLOTS = 1_000, 4
_SETTINGS = f"""
[pools.aiart]
concurrency = {_AIART_SLOTS}
[pools.vod]
concurrency = {_VOD_SLOTS}
requests_per_second = 20
[limits]
per_guild = 8
per_user = 2
queued_per_user = 4
[quotas]
user_per_day = -1
guild_per_day = -1
account_usd_per_month = -1
"""


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[StandIns]:
    """Open stand-ins with room for the chaos, and write the bot's settings."""
    (folder / "easel.toml").write_text(_SETTINGS)
    artist = Stamp(photo((256, 256)))
    async with open_stand_ins(seconds_per_picture=_SECONDS_PER_PICTURE, artist=artist) as opened:
        slots = opened.tencent.account.slots
        slots["aiart"].limit, slots["vod"].limit = _AIART_SLOTS, _VOD_SLOTS
        yield opened


class Monkey:
    """Kills the bot `kills` times while visitors ask for pictures, then lets it finish."""

    def __init__(self, stand_ins: StandIns, folder: Path, dice: random.Random) -> None:
        self._stand_ins = stand_ins
        self._folder = folder
        self._dice = dice
        self.replies: list[Reply] = []
        self.kills = 0
        self.cancels = 0
        self._asked = 0

    async def rampage(self, kills: int) -> None:
        """Kill at random moments from the start of a process on."""
        visitors = [
            asyncio.create_task(self._keep_asking(self._stand_ins.visitor(f"member {number}")))
            for number in range(_VISITORS)
        ]
        try:
            while self.kills < kills:
                async with self._bot() as process:
                    await self._live_a_while()
                    if process.returncode is not None:
                        raise AssertionError(f"the bot ended by itself: {process.returncode}")
                    process.send_signal(signal.SIGKILL)
                    self.kills += 1
        finally:
            for visitor in visitors:
                visitor.cancel()
            await asyncio.gather(*visitors, return_exceptions=True)

    @asynccontextmanager
    async def calm(self) -> AsyncIterator[None]:
        """Run the bot undisturbed, and stop it by SIGTERM at the end of the block."""
        async with self._bot() as process:
            await self._stand_ins.discord.gateway.wait_ready(_START_S)
            yield
            process.send_signal(signal.SIGTERM)
            if await asyncio.wait_for(process.wait(), _START_S) != 0:
                raise AssertionError("the bot did not stop as it should")

    async def _live_a_while(self) -> None:
        """Wait for a moment to kill at: mostly in the middle of work, at times in the start."""
        if self._dice.random() < 0.15:
            await asyncio.sleep(self._dice.uniform(0.3, 1.5))
            return
        await self._stand_ins.discord.gateway.wait_ready(_START_S)
        await asyncio.sleep(self._dice.uniform(0.0, 1.6))

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[asyncio.subprocess.Process]:
        variables = self._stand_ins.variables(self._folder)
        with (self._folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), **variables},
                stdout=log,
                stderr=log,
            )  # fmt: skip
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            # Discord notices a dead client; without this the next one would seem ready at once.
            await self._stand_ins.discord.gateway.disconnect(resumable=False)

    async def _keep_asking(self, visitor: Visitor) -> None:
        upload = Upload("photo.jpg", photo((128, 96)))
        while True:
            self._asked += 1
            # The number tells at the API which job a call was for.
            prompt = f"a fox, number {self._asked}"
            with contextlib.suppress(NotAcknowledged, CannotSend):
                if self._dice.random() < 0.5:
                    reply = await visitor.imagine(prompt, engine=_VOD_ENGINE)
                else:
                    reply = await visitor.restyle(upload, prompt=prompt, engine=_AIART_ENGINE)
                self.replies.append(reply)
                if self._dice.random() < _CANCELLED:
                    await self._cancel(visitor, reply)
            await asyncio.sleep(self._dice.uniform(0.1, 0.8))

    async def _cancel(self, visitor: Visitor, reply: Reply) -> None:
        """Press Cancel after a while, and confirm where that costs, if the buttons are there."""
        await asyncio.sleep(self._dice.uniform(0.0, 0.6))
        answer = await _press(visitor, reply, "Cancel")
        if answer is not None:
            self.cancels += 1
            await _press(visitor, answer, "Cancel anyway")


async def _press(visitor: Visitor, reply: Reply, label: str) -> Reply | None:
    """Press a button of a message that has it; the bot may be dead, or the job over."""
    message = reply.message
    if message is None or all(button.label != label for button in message.buttons):
        return None
    return await visitor.press(message, label)


_VOD_ENGINE, _AIART_ENGINE = "gg-3.0", "anime"
