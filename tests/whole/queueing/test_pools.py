"""Several pools side by side: limits of servers and members hold over all, and nobody starves."""

from pathlib import Path

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.tencent.server import TencentSandbox
from tests.whole.conftest import Run, has_pictures, photo, says, until, until_settled


async def busy_with_aiart(stand_ins: StandIns, members: int) -> list[Reply]:
    """One member's restyling at work, the others' waiting behind it."""
    stand_ins.tencent.hold()
    first = await stand_ins.visitor("Zoe").restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    names = [f"member {number}" for number in range(members)]
    return [first, *[await stand_ins.visitor(name).restyle(photo()) for name in names]]


async def test_a_job_of_an_idle_pool_does_not_wait_for_all_of_a_busy_one(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nper_guild = 1\n")
    async with run() as app:
        replies = await busy_with_aiart(stand_ins, 5)
        vic = await stand_ins.visitor("Vic").imagine("a harbour", engine="gg-3.0")
        await vic.until(says("Queued"))
        # A slot that comes free while the pools are asked in turn may pass Vic by once or twice.
        assert "vod" in [await next_at_work(stand_ins.tencent) for _ in range(4)]
        stand_ins.tencent.release()
        for reply in (*replies, vic):
            await reply.until(has_pictures)
        await until_settled(app, count=7)
    assert stand_ins.tencent.peak["aiart"] == 1


async def test_the_other_way_round_neither(run: Run, stand_ins: StandIns, tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nper_guild = 1\n")
    async with run() as app:
        stand_ins.tencent.hold()
        first = await stand_ins.visitor("Zoe").imagine("a harbour", engine="gg-3.0")
        await until(lambda: stand_ins.tencent.running["vod"] == 1)
        names = [f"member {number}" for number in range(5)]
        more = [await stand_ins.visitor(name).imagine("a boat", engine="gg-3.0") for name in names]
        vic = await stand_ins.visitor("Vic").restyle(photo())
        await vic.until(says("Queued"))
        assert "aiart" in [await next_at_work(stand_ins.tencent) for _ in range(4)]
        stand_ins.tencent.release()
        for reply in (first, *more, vic):
            await reply.until(has_pictures)
        await until_settled(app, count=7)


async def next_at_work(tencent: TencentSandbox) -> str:
    """Let the picture at work be finished and hold the next; returns the pool of that one."""
    finished = len(tencent.charged)

    def is_finished() -> bool:
        if len(tencent.charged) > finished:
            return True
        tencent.release()
        tencent.hold()
        return False

    await until(is_finished)
    await until(lambda: any(tencent.running.values()))
    [pool] = [pool for pool, running in tencent.running.items() if running]
    return pool
