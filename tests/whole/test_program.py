"""The program as a process: arguments, exit codes, signals, and what a kill leaves behind."""

import asyncio
import csv
import io
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.stage import StandIns
from tests.whole.conftest import has_pictures, photo, says

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}


async def start(
    folder: Path, variables: Mapping[str, str], *arguments: str
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(variables),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def easel(folder: Path, variables: Mapping[str, str], *arguments: str) -> Ended:
    process = await start(folder, variables, *arguments)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return Ended(process.returncode or 0, out.decode(), err.decode())


@asynccontextmanager
async def bot(
    stand_ins: StandIns, folder: Path, how: signal.Signals = signal.SIGTERM
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `easel run` until the block ends, then end it the given way and wait for it."""
    process = await start(folder, stand_ins.variables(folder), "run")
    reading = asyncio.create_task(process.communicate())
    try:
        await asyncio.wait_for(stand_ins.discord.gateway.wait_ready(), 30)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(how)
        await asyncio.wait_for(reading, 30)


async def calls_of(stand_ins: StandIns, action: str, count: int = 1) -> None:
    async with asyncio.timeout(15):
        while sum(call.action == action for call in stand_ins.tencent.calls) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("variables", "arguments", "words"),
    [
        ({}, ("run",), "DISCORD_TOKEN"),
        ({"EASEL_LOG": "loud"}, ("usage",), "EASEL_LOG"),
        ({"DATABASE_URL": "mysql://u:pw-secret@h/d"}, ("migrate",), "DATABASE_URL"),
        ({}, ("usage", "--since", "soon"), "30d"),
        ({}, ("paint",), "paint"),
    ],
)
async def test_wrong_arguments_and_settings_exit_with_2_and_name_the_remedy(
    tmp_path: Path, variables: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    ended = await easel(tmp_path, variables, *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "pw-secret" not in ended.err + ended.out
    assert "Traceback" not in ended.err


async def test_an_unknown_key_in_the_file_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nper_gild = 2\n")
    ended = await easel(tmp_path, {}, "run")
    assert (ended.code, "limits.per_gild" in ended.err) == (2, True)


async def test_a_token_discord_refuses_exits_with_2(stand_ins: StandIns, tmp_path: Path) -> None:
    variables = {**stand_ins.variables(tmp_path), "DISCORD_TOKEN": "not-the-token"}
    ended = await easel(tmp_path, variables, "run")
    assert ended.code == 2
    assert "DISCORD_TOKEN" in ended.err
    assert "not-the-token" not in ended.err
    stand_ins.discord.faults.clear()  # the wrong token is what this test does


async def test_migrate_can_be_run_again(tmp_path: Path) -> None:
    first = await easel(tmp_path, {}, "migrate")
    again = await easel(tmp_path, {}, "migrate")
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out
    assert (tmp_path / "data" / "easel.db").exists()


async def test_usage_reads_the_ledger_beside_the_running_bot(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    async with bot(stand_ins, tmp_path):
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(has_pictures)
        as_json = await easel(tmp_path, variables, "usage", "--format", "json")
        as_csv = await easel(tmp_path, variables, "usage", "--format", "csv")
        as_table = await easel(tmp_path, variables, "usage")
        elsewhere = await easel(tmp_path, variables, "usage", "--guild", "1", "--format", "json")
    [row] = json.loads(as_json.out)
    assert row["guild_id"] == stand_ins.guild.id
    assert row["command"] == "restyle"
    assert row["created_at"].endswith("+00:00")
    [line] = csv.DictReader(io.StringIO(as_csv.out))
    assert line["job_id"] == row["job_id"]
    assert row["job_id"] in as_table.out
    assert json.loads(elsewhere.out) == []


async def test_a_second_bot_on_the_same_file_is_refused_with_a_sentence(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    async with bot(stand_ins, tmp_path):
        second = await easel(tmp_path, stand_ins.variables(tmp_path), "run")
    assert second.code == 1
    assert "PostgreSQL" in second.err
    assert "Traceback" not in second.err


async def test_doctor_finds_nothing_wrong_on_the_stand_ins(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor", "--json")
    findings = {finding["check"]: finding for finding in json.loads(ended.out)}
    assert ended.code == 0
    assert {name: finding["status"] for name, finding in findings.items()} == dict.fromkeys(
        ("settings", "database", "queue", "font", "discord", "aiart", "vod"), "good"
    )
    assert stand_ins.tencent.charged == []
    stand_ins.tencent.faults.clear()  # the probes are wrong on purpose


async def test_doctor_says_what_to_do_about_each_failure(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    changes = {"TENCENTCLOUD_SECRET_KEY": "a-wrong-key-of-length", "DISCORD_TOKEN": "wrong-token"}
    ended = await easel(tmp_path, {**stand_ins.variables(tmp_path), **changes}, "doctor")
    assert ended.code == 1
    assert "✗ discord" in ended.out
    assert "AuthFailure.SignatureFailure" in ended.out
    assert "TENCENTCLOUD_SECRET_ID" in ended.out
    assert "wrong-token" not in ended.out + ended.err
    stand_ins.tencent.faults.clear()
    stand_ins.discord.faults.clear()


async def test_a_stop_finishes_what_was_sent_and_exits_with_0(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.seconds_per_picture = 1.0
    async with bot(stand_ins, tmp_path) as process:
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
    assert process.returncode == 0
    assert reply.message is not None
    assert len(reply.message.attachments) == 1


async def test_a_kill_in_the_middle_of_a_task_is_taken_up_and_paid_once(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.seconds_per_picture = 3.0
    async with bot(stand_ins, tmp_path, signal.SIGKILL):
        reply = await stand_ins.visitor("Ada").imagine("a slow river")
        await calls_of(stand_ins, "DescribeTaskDetail")
    async with bot(stand_ins, tmp_path):
        await reply.until(has_pictures, timeout=20)
    assert len(stand_ins.tencent.charged) == 1
    created = [call for call in stand_ins.tencent.calls if call.action == "CreateAigcImageTask"]
    assert len(created) == 1


async def test_a_kill_in_the_middle_of_a_call_ends_as_unknown_and_is_not_repeated(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.seconds_per_picture = 1.0
    async with bot(stand_ins, tmp_path, signal.SIGKILL):
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
    async with bot(stand_ins, tmp_path):
        await reply.until(says("nobody knows"), timeout=20)
    assert len(stand_ins.tencent.calls) == 1


async def test_the_demo_makes_both_pictures(tmp_path: Path) -> None:
    ended = await easel(tmp_path, {}, "demo", "--once", "--out", "pictures")
    assert ended.code == 0, ended.err
    written = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert {"imagine.json", "restyle.json", "imagine-1.png", "restyle-1.jpg"} <= written
    message = json.loads((tmp_path / "pictures" / "restyle.json").read_text())
    assert "AI-generated" in message["text"]
