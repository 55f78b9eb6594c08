"""Wrong arguments, settings and surroundings, as a process: one sentence, the right exit code."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from tests.whole.process import Ended, easel, environment, started

TOKEN = {"DISCORD_TOKEN": "not-a-real-token"}


@pytest.mark.parametrize("command", ["run", "backup x.db"])
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"EASEL_CONFIG": "eazel.toml"}, "EASEL_CONFIG: there is no eazel.toml"),
        ({"EASEL_DISCORD_API": "discord"}, "http://host:port/api/v10"),
        ({"DISCORD_TOKEN": '"quoted.secret"'}, "DISCORD_TOKEN: take the quotes"),
        ({"DATABASE_URL": "postgresql://e:p#secret@h/d"}, "percent-encode as %23 %2F %3F %40"),
    ],
)
async def test_a_setting_that_cannot_work_is_named_by_whatever_reads_it(
    tmp_path: Path, command: str, variables: dict[str, str], words: str
) -> None:
    ended = await easel(tmp_path, {**TOKEN, **variables}, *command.split())
    assert (ended.code, ended.out) == (2, "")
    [sentence] = ended.err.splitlines()
    assert words in sentence
    assert "secret" not in sentence


def in_words(ended: Ended) -> str:
    """What stands on stderr, without the frame that Typer draws and its line breaks."""
    return " ".join(ended.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("demo --port 99999", 2, "'--port': Input should be less than or equal to 65535"),
        ("demo --port -1", 2, "'--port': Input should be greater than or equal to 0"),
        ("demo --once --image folder", 2, "'--image': file 'folder' is a directory"),
        ("demo --once --out taken/out", 2, "taken/out cannot be written (Not a directory)"),
        ("doctor --set-vod-quota 5", 2, "TENCENTCLOUD_SECRET_KEY, EASEL_VOD_SUB_APP_ID: must be"),
        ("doctor --paid-test gg-3.0", 2, "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY"),
        ("doctor --paid-test local --json", 2, "does not go with --json"),
        ("doctor --paid-test local --post-test 123456", 2, "go one at a time"),
        ("backup taken/copy.db", 1, "There is no database of Easel"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, arguments: str, code: int, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "taken").write_text("a file")
    ended = await easel(tmp_path, {}, *arguments.split())
    assert (ended.code, ended.out) == (code, "")
    # The frame may break a path in the middle.
    assert words.replace(" ", "") in in_words(ended).replace(" ", "")
    assert "Traceback" not in ended.err


async def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = await easel(tmp_path, {}, "demo", "--port", str(port))
    assert ended.code == 1
    assert ended.err == (
        f"Port {port} cannot be used (Address already in use). "
        "Choose another with --port; 0 takes any free one.\n"
    )


async def test_a_photo_that_is_none_ends_the_demo_with_the_bots_refusal(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("milk, bread")
    ended = await easel(tmp_path, {}, "demo", "--once", "--image", "notes.txt")
    assert ended.code == 1
    assert "/restyle: no picture came. That file is not a picture Easel can read." in ended.out
    assert "out/imagine-1.png" in ended.out
    assert "Traceback" not in ended.err


async def test_a_prompt_no_client_would_send_is_a_wrong_argument(tmp_path: Path) -> None:
    ended = await easel(tmp_path, {}, "demo", "--once", "--prompt", "x" * 4001)
    assert (ended.code, "Discord would not send that" in in_words(ended)) == (2, True)
    assert "Traceback" not in ended.err


async def test_a_demo_that_is_interrupted_ends_with_1_before_its_pictures_came(
    tmp_path: Path,
) -> None:
    async with started(tmp_path, {}, "demo", "--once") as process:
        assert process.stdout is not None
        async with asyncio.timeout(40):
            while not (await process.stdout.readline()).startswith(b"Ada: /restyle"):
                pass
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 40)
    assert (process.returncode, b"Ledger" in out) == (1, False)
    assert b"Traceback" not in err


@pytest.mark.parametrize("arguments", ["version", "usage", "usage --format json", "demo --once"])
def test_an_output_that_takes_no_more_is_told_without_a_traceback(
    sqlite_template: Path, tmp_path: Path, arguments: str
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "easel.db")
    with Path("/dev/full").open("w") as full, closed_pipe() as closed:
        on_full = printing_to(full.fileno(), tmp_path, *arguments.split())
        on_closed = printing_to(closed, tmp_path, *arguments.split())
    assert on_full.returncode == on_closed.returncode == 1
    assert "The output cannot be written (No space left on device)." in on_full.stderr
    assert "Traceback" not in on_full.stderr + on_closed.stderr
    assert "Exception" not in on_full.stderr + on_closed.stderr


@contextmanager
def closed_pipe() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def printing_to(output: int, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment({}),
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )


async def test_what_the_api_says_is_told_to_an_operator_as_it_was_said(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    wrong = {**stand_ins.variables(tmp_path), "TENCENTCLOUD_SECRET_KEY": "a-wrong-key-of-length"}
    for arguments in ("doctor --paid-test anime --yes", "reconcile"):
        ended = await easel(tmp_path, wrong, *arguments.split())
        stand_ins.tencent.faults.clear()
        assert (ended.code, ended.out) == (1, "")
        assert "answered: AuthFailure.SignatureFailure: " in ended.err
        assert "What to do: check TENCENTCLOUD_SECRET_ID" in ended.err
        assert "your quota" not in ended.err
    assert stand_ins.tencent.charged == []
