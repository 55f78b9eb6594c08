"""From a press on Upscale to its post, less the API's time, beside the same by its command."""

import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from bench.figures import table
from bench.processes import process
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message

_RUNS = 9  # within a day of the default quota
_SECONDS = 0.3


async def main() -> None:
    """Measure single jobs one after the other, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_stand_ins(seconds_per_picture=_SECONDS) as stand_ins,
            process(stand_ins, ("bot", "run"), stand_ins.variables(Path(folder))),
        ):
            ada = stand_ins.visitor("Ada")
            _, result = await _timed(stand_ins, ada.imagine("a lighthouse", ratio="1:1"))
            pressed, asked = [], []
            for _ in range(_RUNS):
                took, larger = await _timed(stand_ins, ada.press(result, "Upscale"))
                pressed.append(took)
                command = _command_of(larger)
                upload = Upload("photo.png", result.attachments[0].data)
                took, _ = await _timed(stand_ins, ada.use(command, image=upload))
                asked.append(took)
    rows = [(f"/{command} with an upload", _shown(asked)), ("Upscale", _shown(pressed))]
    print(table("follow-up: to the post, less the API's time, idle", ("what", "median ms"), rows))


async def _timed(stand_ins: StandIns, asking: Awaitable[Reply]) -> tuple[float, Message]:
    """Return the seconds that the API did not take, and the message."""
    before, begun = len(stand_ins.tencent.calls), time.time()
    message = await (await asking).until(lambda shown: bool(shown.attachments))
    posted = time.time()
    calls = stand_ins.tencent.calls[before:]
    return posted - begun - ((calls[-1].answered_at or posted) - calls[0].at), message


def _command_of(message: Message) -> str:
    """Return the command that a press became, from the small print of its message."""
    return message.text.rpartition("-# /")[2].partition(" for ")[0]


def _shown(took: list[float]) -> str:
    return f"{statistics.median(took) * 1000:.0f}"
