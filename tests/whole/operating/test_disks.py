"""Disks that are full and folders that cannot be written to, as the process meets them."""

import asyncio
import contextlib
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli.local_stack import StandIns
from tests.whole.conftest import has_pictures, photo, says
from tests.whole.process import TIMEOUT_S, Ended, calls_of, easel, end_of, running, started

_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec")
_FILL = "dd if=/dev/zero of=disk/fill bs=4k 2>/dev/null || true"
_EASEL = f"{sys.executable} -m bot"
_MIGRATE = f"{_EASEL} migrate >migrated"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder that `on_disk` makes a small disk of its own of."""
    may_mount = [*_MOUNTS, f"mount -t tmpfs none {tmp_path}"]
    if shutil.which("unshare") is None or subprocess.run(may_mount, check=False).returncode:  # noqa: S603 - our own words
        pytest.skip("this machine lets nobody mount a small disk")
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


async def on_disk(
    disk: Path,
    variables: dict[str, str],
    arguments: str,
    *,
    size: str,
    before: str = ":",
    after: str = ":",
) -> Ended:
    mounted = f"mount -t tmpfs -o size={size} none disk; {before}; code=0"
    script = f"{mounted}; {_EASEL} {arguments} || code=$?; {after}; exit $code"
    async with running(*_MOUNTS, script, folder=disk.parent, variables=variables) as process:
        return await end_of(process, within_s=90)


async def logged(process: asyncio.subprocess.Process, event: str) -> dict[str, Any]:
    """The next line of a log in JSON that tells of that event."""
    assert process.stderr is not None
    async with asyncio.timeout(40):
        while True:
            line: dict[str, Any] = json.loads(await process.stderr.readline())
            if line["event"] == event:
                return line


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as growing, contextlib.suppress(OSError):
        while growing.write(bytes(65_536)):
            pass


@pytest.mark.parametrize(
    ("arguments", "before", "size", "told"),
    [
        ("run", _FILL, "400k", r"easel\.db: 0\.0 MiB"),
        ("run", ":", "100k", r"easel\.db: 0\.\d MiB"),
        ("run", ":", "4m", r"pictures: 3\.\d MiB"),
        ("run", ":", "4m,nr_inodes=1", r"easel\.db: no inodes"),
        ("migrate", _FILL, "400k", r"easel\.db: 0\.0 MiB"),
        ("pause", f"{_MIGRATE}; {_FILL}", "2m", r"easel\.db: 0\.0 MiB"),
    ],
    ids=["nothing there yet", "tables", "pictures", "inodes", "migrate", "a file that cannot grow"],
)
async def test_a_disk_that_is_full_is_told_with_what_is_free(
    stand_ins: StandIns, disk: Path, arguments: str, before: str, size: str, told: str
) -> None:
    ended = await on_disk(disk, stand_ins.variables(disk), arguments, size=size, before=before)
    assert (ended.code, ended.out) == (1, "")
    sentence = rf"There is too little room for {disk}/{told} are free\. Free some, or "
    assert re.search(sentence, ended.err), ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("size", "free"), [("2m", "2.0 MiB are free"), ("64m,nr_inodes=1", "no inodes are free")]
)
async def test_the_doctor_finds_a_disk_too_small_for_pictures(
    stand_ins: StandIns, disk: Path, size: str, free: str
) -> None:
    ended = await on_disk(disk, stand_ins.variables(disk), "doctor --json", size=size)
    stand_ins.tencent.faults.clear()
    found = {each["check"]: each for each in json.loads(ended.out)}
    assert (ended.code, found["pictures"]["status"]) == (1, "bad")
    assert free in found["pictures"]["text"]


async def test_a_backup_onto_a_full_disk_is_told_and_leaves_nothing(
    stand_ins: StandIns, disk: Path
) -> None:
    variables = stand_ins.variables(disk.parent)
    assert (await easel(disk.parent, variables, "migrate")).code == 0
    copying = "backup disk/copy.db"
    ended = await on_disk(disk, variables, copying, size="40k", after="ls -A disk")
    assert (ended.code, ended.out) == (1, "")
    assert "There is too little room for disk/copy.db: 0.0 MiB are free." in ended.err


async def test_pictures_that_cannot_be_kept_stop_the_start_and_the_doctor_finds_it(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "pictures").write_text("a file")
    variables = stand_ins.variables(tmp_path)
    for arguments in ("run", "run --no-worker"):
        ended = await easel(tmp_path, variables, *arguments.split())
        sentence = f"Pictures cannot be kept in {tmp_path}/pictures (Not a directory). "
        assert (ended.code, sentence in ended.err) == (1, True)
        assert "Traceback" not in ended.err
    found = await easel(tmp_path, variables, "doctor", "--json")
    stand_ins.tencent.faults.clear()
    pictures = {each["check"]: each for each in json.loads(found.out)}["pictures"]
    assert (found.code, pictures["status"]) == (1, "bad")
    assert "EASEL_DATA_DIR" in pictures["text"]


async def test_a_picture_that_cannot_be_kept_while_the_bot_runs_names_path_and_job(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = {**stand_ins.variables(tmp_path), "EASEL_LOG": "json"}
    stand_ins.tencent.hold()
    async with started(tmp_path, variables, "run") as process:
        await stand_ins.discord.gateway.wait_ready(TIMEOUT_S)
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
        shutil.move(tmp_path / "pictures", tmp_path / "moved")
        (tmp_path / "pictures").write_text("a file")
        stand_ins.tencent.release()
        line = await logged(process, "storage_unavailable")
        (tmp_path / "pictures").unlink()
        shutil.move(tmp_path / "moved", tmp_path / "pictures")
        await reply.until(has_pictures, timeout=40)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)
    with closing(sqlite3.connect(tmp_path / "easel.db")) as connection:
        [(job,)] = connection.execute("SELECT id FROM jobs")
    assert line["job"] == job
    assert str(tmp_path / "pictures") in line["place"]
    assert "Not a directory" in line["reason"] or "File exists" in line["reason"]


async def test_a_disk_that_fills_up_is_logged_with_the_job_and_the_job_goes_on_later(
    stand_ins: StandIns, disk: Path
) -> None:
    variables = {**stand_ins.variables(disk), "EASEL_LOG": "json"}
    script = f"mount -t tmpfs -o size=48m none disk; exec {_EASEL} run"
    stand_ins.tencent.hold()
    async with running(*_MOUNTS, script, folder=disk.parent, variables=variables) as process:
        await stand_ins.discord.gateway.wait_ready(TIMEOUT_S)
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
        filling = Path(f"/proc/{process.pid}/root{disk}/fill")  # its disk is not ours to see
        await asyncio.to_thread(fill, filling)
        stand_ins.tencent.release()
        line = await logged(process, "storage_unavailable")
        await asyncio.to_thread(filling.unlink)
        await reply.until(has_pictures, timeout=40)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)
    assert line["job"]
    assert "No space left on device" in line["reason"] or "is full" in line["reason"]
    assert says("AI-")(await reply.until(says("AI-")))
