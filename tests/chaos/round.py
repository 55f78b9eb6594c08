"""One round of chaos: kill, then calm until everything ended, then judge."""

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path

from storage import open_storage
from tests.chaos.monkey import Monkey, stand_ins_of
from tests.chaos.verdict import Verdict, judge, open_jobs

_TIMEOUT_S = 90.0


@dataclass(frozen=True)
class Outcome:
    kills: int
    final_closes: int
    passing_closes: int
    seconds: float
    verdict: Verdict


async def play(folder: Path, kills: int, dice: random.Random) -> Outcome:
    """Play a round in an empty folder, which keeps the database and the bot's log."""
    started = time.monotonic()
    async with stand_ins_of(folder) as stand_ins:
        monkey = Monkey(stand_ins, folder, dice)
        await monkey.rampage(kills)
        url = stand_ins.variables(folder)["DATABASE_URL"]
        async with (
            monkey.calm(),
            open_storage(url, folder, readonly=True) as storage,
        ):
            give_up_at = time.monotonic() + _TIMEOUT_S
            # What is open after that is judged as lost.
            while await open_jobs(storage) and time.monotonic() < give_up_at:
                await asyncio.sleep(0.1)
        stand_ins.tencent.faults.check()
        verdict = await judge(stand_ins, folder, monkey.replies)
    return Outcome(
        kills=monkey.kills,
        final_closes=monkey.final_closes,
        passing_closes=monkey.passing_closes,
        seconds=time.monotonic() - started,
        verdict=verdict,
    )
