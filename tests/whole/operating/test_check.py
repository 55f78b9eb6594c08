"""easel check FILE: with or without a database, in words and as JSON."""

import json
from pathlib import Path

from bot.cli.local_stack import StandIns
from tests.whole.conftest import Run, cat, has_pictures, until_settled
from tests.whole.process import easel


async def test_a_result_is_known_beside_the_running_bot_and_without_it_by_its_labels(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with run() as app:
        reply = await stand_ins.visitor("Ada").imagine("a boat")
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        [data] = await reply.pictures()
        file = tmp_path / "it.jpg"
        file.write_bytes(data)
        known = await easel(tmp_path, stand_ins.variables(tmp_path), "check", "--json", str(file))
    assert known.code == 0, known.err
    said = json.loads(known.out)
    assert said["says"] == "This picture was made with this bot."
    assert said["findings"][0]["facts"]["job"] == row.job_id
    assert "Ada" not in known.out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    alone = await easel(elsewhere, {}, "check", str(file))
    assert alone.code == 0, alone.err
    assert alone.out.startswith("This file says that AI had a part in the picture.")
    assert "own records were not looked at" in alone.out
    assert f"number: {row.job_id}" in alone.out
    assert list(elsewhere.iterdir()) == []


async def test_a_photo_has_no_marks_and_what_is_no_picture_is_told_in_a_sentence(
    tmp_path: Path,
) -> None:
    photo, text = tmp_path / "cat.jpg", tmp_path / "cat.txt"
    photo.write_bytes(cat().data)
    text.write_text("meow")
    assert "does not mean that no AI" in (await easel(tmp_path, {}, "check", str(photo))).out
    refused = await easel(tmp_path, {}, "check", str(text))
    assert (refused.code, "not a picture" in refused.err) == (1, True)
    missing = await easel(tmp_path, {}, "check", "nowhere.png")
    assert (missing.code, "nowhere.png" in missing.err) == (2, True)
