"""Runs the real bot as a process among the stand-ins and ends it at random moments.

Of three ends one is a gateway that closes for good, after which the bot has to end by itself, and
one is a kill soon after a gateway that closed for the moment; the third is just a kill.
"""

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
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import NotAcknowledged, Reply, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.world import Message

_ROOT = Path(__file__).parents[2]
_SECONDS_PER_PICTURE = 0.4
_VISITORS = 6
_START_S = 60.0
_TIMEOUT_S = 90.0
_CANCELLED = 0.3  # of all requests, as far as they are not over by then
_FINAL_CLOSES = (4010, 4011, 4012, 4013, 4014)
_PASSING_CLOSES = (1000, 1001, 4000, 4007, 4009)
_OPENING = 5  # jobs that are accepted before the first kill, whatever the dice say
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
async def stand_ins_of(folder: Path) -> AsyncIterator[StandIns]:
    """Open stand-ins with room for the chaos, and write the bot's settings."""
    (folder / "easel.toml").write_text(_SETTINGS)
    artist = Stamp(photo((256, 256)))
    async with open_stand_ins(seconds_per_picture=_SECONDS_PER_PICTURE, artist=artist) as opened:
        slots = opened.tencent.account.slots
        slots["aiart"].limit, slots["vod"].limit = _AIART_SLOTS, _VOD_SLOTS
        yield opened


class Monkey:
    """Ends the bot `kills` times while visitors ask for pictures, then lets it finish."""

    def __init__(self, stand_ins: StandIns, folder: Path, dice: random.Random) -> None:
        self._stand_ins = stand_ins
        self._folder = folder
        self._dice = dice
        self.replies: list[Reply] = []
        self.kills = 0  # the final closes are among them
        self.final_closes = 0
        self.passing_closes = 0
        self.cancels = 0
        self._asked = 0

    async def rampage(self, kills: int) -> None:
        """End it at random moments from the start of a process on, after one that is not random."""
        async with self._bot() as process:
            await self._opening()
            await self._kill(process)
        self._stand_ins.tencent.release()
        visitors = [
            asyncio.create_task(self._keep_asking(self._stand_ins.visitor(f"member {number}")))
            for number in range(_VISITORS)
        ]
        try:
            while self.kills < kills:
                async with self._bot() as process:
                    turn = self.kills % 3
                    await self._live_a_while(may_be_early=turn == 0)
                    if turn == 1:
                        await self._close_for_good(process)
                        continue
                    if turn == 2:
                        await self._close_for_now()
                    await self._kill(process)
        finally:
            for visitor in visitors:
                visitor.cancel()
            await asyncio.gather(*visitors, return_exceptions=True)

    async def _opening(self) -> None:
        """Let jobs be accepted, and one of them cancelled, while no picture is finished.

        So the kill after it leaves, for certain, what the next process has to deliver.
        """
        self._stand_ins.tencent.hold()
        await self._stand_ins.discord.gateway.wait_ready(_START_S)
        members = [self._stand_ins.visitor(f"member {number}") for number in range(_OPENING)]
        for member in members:
            self.replies.append(await self._ask(member, is_vod=True))
        async with asyncio.timeout(_START_S):
            while self._stand_ins.tencent.running["vod"] < min(_OPENING, _VOD_SLOTS):
                await asyncio.sleep(0.01)
            # At work all of them, so it is asked back, and the press is what counts.
            while not await self._cancel(members[0], self.replies[0]):
                await asyncio.sleep(0.01)

    async def _kill(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            raise AssertionError(f"the bot ended by itself: {process.returncode}")
        process.send_signal(signal.SIGKILL)
        self.kills += 1

    async def _close_for_good(self, process: asyncio.subprocess.Process) -> None:
        """Close the gateway for good: the bot drains and ends with 1."""
        await self._stand_ins.discord.gateway.disconnect(code=self._dice.choice(_FINAL_CLOSES))
        if await asyncio.wait_for(process.wait(), _START_S) != 1:
            raise AssertionError(f"the bot ended with {process.returncode} after a final close")
        self.kills += 1
        self.final_closes += 1

    @asynccontextmanager
    async def calm(self) -> AsyncIterator[None]:
        """Run the bot undisturbed, and stop it by SIGTERM at the end of the block."""
        async with self._bot() as process:
            await self._stand_ins.discord.gateway.wait_ready(_START_S)
            yield
            process.send_signal(signal.SIGTERM)
            if await asyncio.wait_for(process.wait(), _START_S) != 0:
                raise AssertionError("the bot did not stop as it should")

    async def _close_for_now(self) -> None:
        """Close the gateway so that the bot comes back, and wait for any moment of that."""
        code, is_kept = self._dice.choice(_PASSING_CLOSES), self._dice.random() < 0.7
        await self._stand_ins.discord.gateway.disconnect(code=code, resumable=is_kept)
        self.passing_closes += 1
        await asyncio.sleep(self._dice.uniform(0.0, 1.0))

    async def _live_a_while(self, *, may_be_early: bool) -> None:
        """Wait for a moment to end at: mostly in the middle of work, at times in the start."""
        if may_be_early and self._dice.random() < 0.5:
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
        while True:
            with contextlib.suppress(NotAcknowledged, CannotSend):
                reply = await self._ask(visitor, is_vod=self._dice.random() < 0.5)
                self.replies.append(reply)
                if self._dice.random() < _CANCELLED:
                    with contextlib.suppress(TimeoutError):
                        await reply.until(_has_cancel, timeout=2)
                    await asyncio.sleep(self._dice.uniform(0.0, 0.6))
                    await self._cancel(visitor, reply)
            await asyncio.sleep(self._dice.uniform(0.1, 0.8))

    async def _ask(self, visitor: Visitor, *, is_vod: bool) -> Reply:
        self._asked += 1
        # The number tells at the API which job a call was for.
        prompt = f"a fox, number {self._asked}"
        if is_vod:
            return await visitor.imagine(prompt, engine=_VOD_ENGINE)
        upload = Upload("photo.jpg", photo((128, 96)))
        return await visitor.restyle(upload, prompt=prompt, engine=_AIART_ENGINE)

    async def _cancel(self, visitor: Visitor, reply: Reply) -> bool:
        """Press Cancel, and confirm where that costs; False if the button is not there."""
        answer = await _press(visitor, reply, "Cancel")
        if answer is None:
            return False
        self.cancels += 1
        with contextlib.suppress(TimeoutError):  # the bot may die before it asks, or before it acts
            await answer.until(lambda message: bool(message.text), timeout=5)
            confirmed = await _press(visitor, answer, "Cancel anyway")
            if confirmed is not None:
                await confirmed.until(lambda message: not message.buttons, timeout=5)
        return True


def _has_cancel(message: Message) -> bool:
    return any(button.label == "Cancel" for button in message.buttons)


async def _press(visitor: Visitor, reply: Reply, label: str) -> Reply | None:
    """Press a button of a message that has it; the bot may be dead, or the job over."""
    message = reply.message
    if message is None or all(button.label != label for button in message.buttons):
        return None
    return await visitor.press(message, label)


_VOD_ENGINE, _AIART_ENGINE = "gg-3.0", "anime"
