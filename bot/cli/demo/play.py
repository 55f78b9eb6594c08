"""`easel demo`: opens the stand-ins and the bot, and plays a round or serves the page."""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import Any

from bot.cli.demo.process import BotProcess
from bot.cli.demo.request import DemoRequest
from bot.cli.demo.signing import signing_variables
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.cli.printing import say
from bot.domain.errors import EaselError
from bot.domain.operator_errors import PortUnusable
from bot.ports.clock import Clock
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.prepared import prepare
from bot.sandbox.page.routes import Page
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import Stage

_SECONDS_PER_PICTURE = 2.0
# Prices such as an account's console lists; limits so small that a queue is seen.
_SETTINGS = """
[access]
direct_messages = true
[pools.vod]
concurrency = 1
[pools.aiart]
concurrency = 1
[limits]
per_guild = 2
per_user = 1
queued_per_user = 10
[quotas]
user_per_day = 40
guild_per_day = 400
account_usd_per_month = 200
[engines."gg-3.0"]
price_usd = 0.13
prices = { "4K" = 0.24 }
[engines."gg-2.5"]
price_usd = 0.04
[engines.og-low]
price_usd = 0.02
[engines.og-medium]
price_usd = 0.07
[engines.og-high]
price_usd = 0.19
[engines.outpaint]
price_usd = 0.05
[engines.sketch]
price_usd = 0.05
[engines.refine]
price_usd = 0.03
[engines.avatar]
price_usd = 0.08
"""


class DemoClock:
    """The real time and what was skipped of it, in seconds."""

    def __init__(self) -> None:
        self.skipped_s = 0.0

    def __call__(self) -> float:
        """Return the unix time in seconds."""
        return time.time() + self.skipped_s

    def skip(self, seconds: float) -> None:
        """Move on."""
        self.skipped_s += seconds


async def run_demo(request: DemoRequest, stop: asyncio.Event) -> int:
    """Run the demo until `stop`; returns the exit code: 0 only if every asked picture arrived.

    Raises FileUnusable, PortUnusable, NotPlayed or OutputUnusable, and SettingsError.
    """
    with tempfile.TemporaryDirectory(prefix="easel-demo-") as folder:
        signing = signing_variables(os.environ)
        if request.once:
            return await _round(request, Path(folder), stop, signing)
        async with open_demo(Path(folder), port=request.port, variables=signing) as stage:
            say(f"The demo runs. Open {stage.discord.origin}/ in a browser; Ctrl-C stops it.")
            await stop.wait()
    return 0


async def _round(
    request: DemoRequest, folder: Path, stop: asyncio.Event, variables: Mapping[str, str]
) -> int:
    from bot.cli.demo.once import play_once  # noqa: PLC0415 - the page needs no bot in its process

    async with (
        open_stand_ins(seconds_per_picture=_SECONDS_PER_PICTURE) as stand_ins,
        running_among(stand_ins, folder, variables=variables, stop=stop) as app,
    ):
        try:
            play = play_once(stand_ins.visitor("Ada"), app, request)
            return await _unless_stopped(stop, play)
        except (EaselError, BrokenPipeError) as error:
            failure = error
    # Out here, because the bot's task group would wrap what is raised inside.
    raise failure


async def _unless_stopped(stop: asyncio.Event, play: Coroutine[Any, Any, int]) -> int:
    """Return what the play does, or 1 if a stop ended it."""
    playing, stopping = asyncio.create_task(play), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        playing.cancel()
        await asyncio.wait({playing})
    return 1 if playing.cancelled() else playing.result()


@contextlib.asynccontextmanager
async def open_demo(
    folder: Path,
    *,
    port: int = 0,
    restart_s: float = 6.0,
    is_prepared: bool = True,
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """Run the page with the bot as a child process, until the block ends; raises PortUnusable.

    The bot keeps what it stores in `folder`, which holds nothing yet. Unless `is_prepared`, nobody
    asks for anything before the visitor does. `variables` are the bot's own besides.
    """
    (folder / "easel.toml").write_text(_SETTINGS)
    page, clock = Page(), DemoClock()
    async with (
        _stand_ins(port, page, clock) as stand_ins,
        _played(stand_ins, folder, clock, restart_s, variables or {}) as (stage, behind, knobs),
    ):
        page.open(stage, behind=behind, knobs=knobs)
        scene = prepare(stage, stand_ins.tencent) if is_prepared else asyncio.sleep(0)
        preparing = asyncio.create_task(scene)
        try:
            yield stage
        finally:
            preparing.cancel()
            await asyncio.wait({preparing})


@contextlib.asynccontextmanager
async def _played(
    stand_ins: StandIns,
    folder: Path,
    clock: DemoClock,
    restart_s: float,
    also: Mapping[str, str],
) -> AsyncIterator[tuple[Stage, Behind, Knobs]]:
    variables = {**stand_ins.variables(folder), **also}
    discord, tencent = stand_ins.discord, stand_ins.tencent
    process = BotProcess(discord, variables, folder, restart_s=restart_s)
    stage = set_up(discord, stand_ins.guild, stand_ins.channel, process.state)

    def skip(seconds: float) -> None:
        clock.skip(seconds)
        process.set_clock(clock.skipped_s)

    knobs = Knobs(stage, tencent, start=process.start, kill=process.kill, skip=skip)
    async with process.kept_running(), contextlib.aclosing(knobs):
        # Only now: it takes as long to load as the bot, which loads meanwhile.
        from bot.cli.demo.kept import Kept  # noqa: PLC0415 - as said above

        kept = Kept(stand_ins, variables, folder, process.log, clock)
        async with contextlib.aclosing(kept):
            yield stage, Behind(kept, discord, tencent), knobs


@contextlib.asynccontextmanager
async def _stand_ins(port: int, page: Page, now: Clock) -> AsyncIterator[StandIns]:
    async with contextlib.AsyncExitStack() as opened:
        try:
            stand_ins = await opened.enter_async_context(
                open_stand_ins(port=port, routes=page.add_to, now=now)
            )
        except OSError as error:
            raise PortUnusable(port=port, why=os.strerror(error.errno or 0)) from None
        yield stand_ins
