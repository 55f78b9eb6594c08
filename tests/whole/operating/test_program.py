"""The program as a process: arguments, exit codes, signals, and what a kill leaves behind."""

import asyncio
import csv
import importlib.metadata
import io
import json
import signal
import sys
import time
from pathlib import Path

import discord
import pytest

from bot import app as bot_app
from bot.cli.local_stack import StandIns
from bot.settings.config import read_settings
from storage import newest_schema
from tests.whole.conftest import has_pictures, photo, says
from tests.whole.process import TIMEOUT_S, bot, calls_of, easel, started


@pytest.mark.parametrize(
    ("variables", "arguments", "words"),
    [
        ({}, ("run",), "DISCORD_TOKEN"),
        ({"EASEL_LOG": "loud"}, ("usage",), "EASEL_LOG"),
        ({"DATABASE_URL": "mysql://u:pw-secret@h/d"}, ("migrate",), "DATABASE_URL"),
        ({}, ("usage", "--since", "soon"), "30d"),
        ({}, ("usage", "--guild", "9" * 23), "--guild"),
        ({}, ("pause", "--reason", "x" * 301), "at most 300"),
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


@pytest.mark.parametrize("command", ["usage", "pause", "resume", "reconcile"])
async def test_before_the_first_start_there_is_no_database_and_none_is_made(
    stand_ins: StandIns, tmp_path: Path, command: str
) -> None:
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), command)
    assert ended.code == 1
    assert "There is no database of Easel at" in ended.err
    assert not (tmp_path / "easel.db").exists()


@pytest.mark.parametrize("argument", ["version", "--version"])
async def test_the_version_names_program_schema_python_and_library(
    tmp_path: Path, argument: str
) -> None:
    ended = await easel(tmp_path, {}, argument)
    python = sys.version.split()[0]
    program = f"Easel {importlib.metadata.version('easel-bot')}, schema {newest_schema()}"
    assert ended.code == 0
    assert ended.out == f"{program}, Python {python}, discord.py {discord.__version__}\n"


async def test_a_start_says_in_one_line_that_the_bot_is_up_and_with_what(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = {**stand_ins.variables(tmp_path), "EASEL_LOG": "json"}
    async with started(tmp_path, variables, "run") as process:
        assert process.stderr is not None
        async with asyncio.timeout(40):
            while (line := json.loads(await process.stderr.readline()))["event"] != "up":
                pass
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)
    del line["timestamp"], line["level"]
    defaults = line.pop("defaults")
    assert (defaults["imagine"], defaults["tool refine"]) == ("gg-3.0", "refine")
    assert line == {
        "event": "up",
        "name": "Easel",
        "servers": 1,
        "database": f"SQLite {tmp_path}/easel.db",
        "engines_usable": 36,
        "commands_in_sync": len(stand_ins.discord.commands.all(None)),
        "makes_pictures": True,
    }


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
    assert as_table.out.rstrip().endswith("1 job, 1 picture, 0.08 USD")
    assert json.loads(elsewhere.out) == []


@pytest.mark.parametrize(
    ("close", "code", "sentence"),
    [(4011, 1, "Discord ended the connection that commands come by"), (4004, 2, "DISCORD_TOKEN: ")],
)
async def test_a_gateway_that_ends_for_good_ends_the_program_when_its_work_is_done(
    stand_ins: StandIns, tmp_path: Path, close: int, code: int, sentence: str
) -> None:
    stand_ins.tencent.hold()
    async with started(tmp_path, stand_ins.variables(tmp_path), "run") as process:
        reading = asyncio.create_task(process.communicate())
        await stand_ins.discord.gateway.wait_ready(TIMEOUT_S)
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
        await stand_ins.discord.gateway.disconnect(code=close)
        await asyncio.wait({reading}, timeout=0.5)
        assert process.returncode is None
        stand_ins.tencent.release()
        _, err = await asyncio.wait_for(reading, TIMEOUT_S)
    assert process.returncode == code
    assert reply.message is not None
    assert has_pictures(reply.message)
    said = err.decode()
    assert said.splitlines()[-1].startswith(sentence)
    assert said.count(sentence) == 1
    assert "Traceback" not in said


async def test_a_gateway_that_refuses_the_first_session_ends_the_program_with_1(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.discord.gateway.script_close(4013)
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "run")
    assert ended.code == 1
    assert "4013" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err


async def test_a_second_bot_on_the_same_file_is_refused_with_a_sentence(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    async with bot(stand_ins, tmp_path):
        second = await easel(tmp_path, stand_ins.variables(tmp_path), "run")
    assert second.code == 1
    assert "PostgreSQL" in second.err
    assert "Traceback" not in second.err


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


async def test_a_scene_that_fails_leaves_no_process_behind(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    async def fail_at_the_start() -> None:
        async with started(tmp_path, stand_ins.variables(tmp_path), "run") as process:
            begun.append(process)
            raise TimeoutError

    begun: list[asyncio.subprocess.Process] = []
    with pytest.raises(TimeoutError):
        await fail_at_the_start()
    [process] = begun
    assert process.returncode == -signal.SIGKILL


async def test_a_kill_in_the_middle_of_a_task_is_taken_up_and_paid_once(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    async with bot(stand_ins, tmp_path, signal.SIGKILL):
        reply = await stand_ins.visitor("Ada").imagine("a slow river")
        await calls_of(stand_ins, "DescribeTaskDetail")
    async with bot(stand_ins, tmp_path):
        stand_ins.tencent.release()
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
    assert "AI-modified" in message["text"]


@pytest.mark.parametrize(
    ("variable", "value", "code", "words"),
    [
        ("EASEL_DISCORD_API", "http://127.0.0.1:9/api/v10", 1, "Discord cannot be reached"),
        ("DATABASE_URL", "postgresql://easel:hidden@127.0.0.1:9/easel", 1, "database cannot be"),
        ("DATABASE_URL", "sqlite:///", 2, "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:///:memory:", 2, "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://easel:hidden@host:port/easel", 2, "DATABASE_URL"),
    ],
)
async def test_a_start_that_cannot_work_says_why_in_one_sentence(
    tmp_path: Path, stand_ins: StandIns, variable: str, value: str, code: int, words: str
) -> None:
    ended = await easel(tmp_path, {**stand_ins.variables(tmp_path), variable: value}, "run")
    assert ended.code == code
    assert words in ended.err
    assert "Traceback" not in ended.out + ended.err
    assert "hidden" not in ended.out + ended.err


def gateway_logins(stand_ins: StandIns) -> int:
    return sum(each.call.path.endswith("/gateway/bot") for each in stand_ins.discord.exchanges)


async def test_a_gateway_alone_runs_beside_the_process_that_works(
    tmp_path: Path, stand_ins: StandIns
) -> None:
    variables = stand_ins.variables(tmp_path)
    async with bot(stand_ins, tmp_path):
        logins = gateway_logins(stand_ins)
        async with started(tmp_path, variables, "run", "--no-worker") as second:
            reading = asyncio.create_task(second.communicate())
            async with asyncio.timeout(TIMEOUT_S):
                while gateway_logins(stand_ins) == logins and not reading.done():
                    await asyncio.sleep(0.01)
            assert second.returncode is None
            second.send_signal(signal.SIGTERM)
            await asyncio.wait_for(reading, TIMEOUT_S)
        assert second.returncode == 0


async def test_what_is_kept_is_readable_by_its_owner_alone(
    tmp_path: Path, stand_ins: StandIns
) -> None:
    async with bot(stand_ins, tmp_path):
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(has_pictures)
    kept = [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]
    assert kept
    for path in (tmp_path / "easel.db", *kept):
        assert path.stat().st_mode & 0o077 == 0


async def test_a_stop_while_the_gateway_cannot_be_reached_ends_the_bot(
    tmp_path: Path, stand_ins: StandIns
) -> None:
    stand_ins.discord.gateway.url = "ws://127.0.0.1:9"  # nobody listens: it is tried for ever
    settings = read_settings(stand_ins.variables(tmp_path), folder=tmp_path)
    stop = asyncio.Event()
    running = asyncio.create_task(bot_app.run(settings, stop, now=time.time))
    async with asyncio.timeout(20):
        while gateway_logins(stand_ins) < 2:  # the second is the connection's own
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait({running}, timeout=10)
    assert running.done()
    assert running.exception() is None
