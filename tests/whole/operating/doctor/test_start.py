"""`easel doctor` passes nothing that stops `easel run`, and names what is set for nothing."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.checkup.packages import examine_packages
from bot.cli.local_stack import StandIns
from bot.domain.quotas.packages import Package
from bot.settings.config import read_settings
from storage import open_storage
from storage.database.tables import packages
from tests.whole.process import easel

Diagnose = Callable[..., Awaitable[tuple[int, dict[str, dict[str, str]]]]]


@pytest.fixture
def diagnose(stand_ins: StandIns, tmp_path: Path) -> Diagnose:
    async def run(**changes: str) -> tuple[int, dict[str, dict[str, str]]]:
        variables = {**stand_ins.variables(tmp_path), **changes}
        ended = await easel(tmp_path, variables, "doctor", "--json")
        stand_ins.tencent.faults.clear()  # the probes are wrong on purpose
        stand_ins.discord.faults.clear()
        assert ended.err == ""
        return ended.code, {finding["check"]: finding for finding in json.loads(ended.out)}

    return run


async def test_a_package_of_a_pool_that_is_not_there_stops_the_bot(
    diagnose: Diagnose, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[[packages]]\npool = "nopool"\nimages = 5\nexpires = 2099-01-01\n'
    )
    code, found = await diagnose()
    assert (code, found["settings"]["status"]) == (1, "bad")
    assert "easel.toml: packages.0.pool: no [pools.nopool]; known: " in found["settings"]["text"]


async def test_what_is_set_for_nothing_is_a_warning(diagnose: Diagnose, tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text(
        "[pools.vodd]\nconcurrency = 1\n"
        '[[packages]]\npool = "aiart"\nimages = 5\nexpires = 2020-01-01\n'
        '[[packages]]\npool = "aiart"\nimages = 5\nexpires = 2099-01-01\n'
    )
    code, found = await diagnose()
    assert (code, found["settings"]["status"]) == (0, "good")
    assert (found["pools"]["status"], found["packages"]["status"]) == ("warning", "warning")
    assert "no engine uses [pools.vodd]" in found["pools"]["text"]
    assert "aiart: expired on 2020-01-01" in found["packages"]["text"]


async def test_what_is_left_of_a_package_is_shown_and_its_end_in_time(
    diagnose: Diagnose, tmp_path: Path
) -> None:
    listed = '[[packages]]\npool = "aiart"\nimages = 5\nexpires = {}\n'
    (tmp_path / "easel.toml").write_text(listed.format("2099-01-01"))
    _, found = await diagnose()
    assert found["package"]["status"] == "good"
    assert found["package"]["text"].startswith("aiart until 2099-01-01: 5 of 5 pictures left, ")
    package = Package("aiart", 5, date(2099, 1, 1))
    async with open_storage(f"sqlite:///{tmp_path}/easel.db", tmp_path) as storage:
        await storage.packages.keep([package])
        async with storage.engine.begin() as conn:
            await conn.execute(update(packages).values(used=4))
    _, found = await diagnose()
    assert (found["package"]["status"], found["database"]["status"]) == ("warning", "good")
    assert "1 of 5 pictures left" in found["package"]["text"]
    soon = datetime.now(UTC).date() + timedelta(days=9)
    (tmp_path / "easel.toml").write_text(listed.format(soon))
    _, found = await diagnose()
    assert found["package"]["status"] == "warning"
    assert ", 9 days to go; buy another one" in found["package"]["text"]


async def test_a_packages_last_picture_and_last_days_are_told_in_english(tmp_path: Path) -> None:
    listed = '[[packages]]\npool = "aiart"\nimages = 1\nexpires = 2030-01-10\n'
    (tmp_path / "easel.toml").write_text(listed)
    url = f"sqlite:///{tmp_path}/none.db"
    settings = read_settings({"DATABASE_URL": url}, folder=tmp_path)
    end = settings.packages[0].expires_at
    for days, said in ((2.5, "2 days"), (1.5, "1 day"), (0.5, "less than a day")):
        [finding] = await examine_packages(settings, partial(float, end - days * 86_400))
        assert f"1 of 1 picture left, {said} to go; buy" in finding.text


async def test_a_file_that_is_named_and_not_there_stops_the_bot(diagnose: Diagnose) -> None:
    code, found = await diagnose(EASEL_CONFIG="eazel.toml")
    assert (code, found["settings"]["status"]) == (1, "bad")
    assert "EASEL_CONFIG: there is no eazel.toml" in found["settings"]["text"]


async def test_a_newer_database_stops_the_bot(diagnose: Diagnose, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newer.db"
    assert (await easel(tmp_path, {"DATABASE_URL": url}, "migrate")).code == 0
    with sqlite3.connect(tmp_path / "newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    code, found = await diagnose(DATABASE_URL=url)
    assert (code, found["database"]["status"], found["queue"]["status"]) == (1, "bad", "warning")
    assert "needs a newer Easel" in found["database"]["text"]


async def test_a_folder_that_cannot_be_made_stops_the_bot_and_every_command_says_so(
    diagnose: Diagnose, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    url = f"sqlite:///{tmp_path}/taken/easel.db"
    code, found = await diagnose(DATABASE_URL=url)
    assert (code, found["database"]["status"]) == (1, "bad")
    assert "cannot be opened or made" in found["database"]["text"]
    variables = {**stand_ins.variables(tmp_path), "DATABASE_URL": url}
    for command in ("migrate", "run"):
        ended = await easel(tmp_path, variables, command)
        assert ended.code == 1
        [sentence] = [line for line in ended.err.splitlines() if "DATABASE_URL" in line]
        assert "taken/easel.db cannot be opened or made (Not a directory)" in sentence
        assert "Traceback" not in ended.err


async def test_a_database_that_is_down_or_damaged_leaves_no_good_line(
    diagnose: Diagnose, tmp_path: Path
) -> None:
    code, found = await diagnose(DATABASE_URL="postgresql://easel:hidden@127.0.0.1:9/easel")
    assert (code, found["database"]["status"], found["queue"]["status"]) == (1, "bad", "warning")
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    code, found = await diagnose(DATABASE_URL=f"sqlite:///{tmp_path}/broken.db")
    assert (code, found["database"]["status"], found["queue"]["status"]) == (1, "bad", "warning")
    assert "broken.db is damaged" in found["database"]["text"]


async def test_discord_out_of_reach_is_said_as_a_start_says_it(diagnose: Diagnose) -> None:
    code, found = await diagnose(EASEL_DISCORD_API="http://127.0.0.1:9/api/v10")
    assert (code, found["discord"]["status"]) == (1, "bad")
    assert "EASEL_DISCORD_API" in found["discord"]["text"]
