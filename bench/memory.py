"""What a thousand waiting jobs with large pictures cost in memory, beside a bare discord.py bot."""

import asyncio
import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

from bench.figures import table
from bench.processes import process
from bench.stamp import photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import Upload

_JOBS = 1_000
_MEMBERS = 100
_AT_ONCE = 4  # people who send their photo in the same moment
_BYTES = 5_000_000
_ALLOWED_MB = 60
_SETTINGS = """
[limits]
queued_per_user = 100
[quotas]
user_per_day = -1
guild_per_day = -1
account_usd_per_month = -1
"""


async def main() -> None:
    """Measure both bots and print the table; the bot is paused, so that all jobs wait."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "easel.toml").write_text(_SETTINGS)
        # A start that migrates keeps the migration's tool in memory until the next one.
        await _easel("migrate", {"DATABASE_URL": f"sqlite:///{folder}/easel.db"})
        bare_idle = await _measured(folder, ("bench.bare",), jobs=0)
        # The same traffic for both: what serving it warms up is part of any bot.
        bare_full = await _measured(folder, ("bench.bare",), jobs=_JOBS, shown="")
        idle = await _measured(folder, ("bot", "run"), jobs=0)
        full = await _measured(folder, ("bot", "run"), jobs=_JOBS)
    rows = [
        ("idle", *_row(bare_idle, idle)),
        (f"after {_JOBS:,} requests; Easel's all wait", *_row(bare_full, full)),
    ]
    title = f"memory: {_JOBS:,} waiting jobs with {_BYTES / 1e6:.0f} MB pictures"
    print(
        table(
            title,
            ("", "bare discord.py MB", "Easel MB", f"more (<= {_ALLOWED_MB})", "Easel's most MB"),
            rows,
        )
    )


def _row(bare: tuple[float, float], easel: tuple[float, float]) -> tuple[str, ...]:
    (bare_mb, _), (mb, most_mb) = bare, easel
    return f"{bare_mb:.0f}", f"{mb:.0f}", f"{mb - bare_mb:+.0f}", f"{most_mb:.0f}"


async def _measured(
    folder: str, module: tuple[str, ...], *, jobs: int, shown: str = "Queued"
) -> tuple[float, float]:
    """Return the bot's resident megabytes at the end, and the most it ever had.

    Every reply is waited for until it shows these words.
    """
    async with open_stand_ins() as stand_ins:
        environment = stand_ins.variables(Path(folder))
        environment["EASEL_CONFIG"] = str(Path(folder) / "easel.toml")
        async with process(stand_ins, module, environment) as bot:
            if jobs:
                await _easel("pause", environment)
                await _fill(stand_ins, jobs, shown)
            await asyncio.sleep(2.0)
            return megabytes(bot.pid, "VmRSS"), megabytes(bot.pid, "VmHWM")


async def _easel(command: str, environment: dict[str, str]) -> None:
    inherited = {"PATH": os.environ["PATH"]}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, env={**inherited, **environment}
    )
    if await running.wait():
        raise RuntimeError(f"easel {command} failed")


async def _fill(stand_ins: StandIns, jobs: int, shown: str) -> None:
    upload = Upload("photo.jpg", _large_photo())
    members = [stand_ins.visitor(f"member {number}") for number in range(_MEMBERS)]
    at_once = asyncio.Semaphore(_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for number in range(jobs):
            group.create_task(_ask(members[number % _MEMBERS], upload, at_once, shown))


async def _ask(member: Visitor, upload: Upload, at_once: asyncio.Semaphore, shown: str) -> None:
    async with at_once:
        reply = await member.restyle(upload, prompt="as a watercolour")
        await reply.until(lambda message: shown in message.text, timeout=120)


def _large_photo() -> bytes:
    """Return a JPEG of about five megabytes that fits without being made smaller."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(photo((2048, 1536)))) as picture:
        picture.save(out, "JPEG", quality=90)
    data = out.getvalue()
    # Bytes behind the picture's end count like any others: upload, decode and keep see them.
    return data + b"\0" * (_BYTES - len(data))


def megabytes(pid: int, name: str) -> float:
    """Return what the system says of a process: VmRSS is what it holds, VmHWM its most."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(name + ":"))
