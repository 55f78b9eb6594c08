"""Members who name no engine get one that takes what they ask, in commands, forms and buttons."""

from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import Fault, Kind
from bot.sandbox.discord.world.forms import Upload
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    ledger,
    photo,
    says,
    until_settled,
)


@pytest.mark.parametrize(
    ("options", "engine", "pictures"),
    [
        ({"count": 4}, "og-low", 4),
        ({"style": "Concept Art"}, "hy-1.0", 1),
        ({"style": "ink", "seed": 7}, "rapid", 1),
        ({"style": "ink", "negative": "dogs"}, "hy-1.0", 1),
        ({"negative": "dogs", "seed": 7}, "gg-3.0", 1),
        ({"ratio": "1:8"}, "gg-3.1", 1),
    ],
)
async def test_imagine_takes_the_first_engine_that_takes_the_options(
    app: App, stand_ins: StandIns, options: dict[str, object], engine: str, pictures: int
) -> None:
    reply = await stand_ins.visitor("Ada").imagine("a cat", **options)
    message = await reply.until(has_pictures)
    assert len(message.attachments) == pictures
    [row] = await until_settled(app)
    assert (row.engine, row.state, row.images) == (engine, "done", pictures)


async def test_a_long_prompt_for_a_photo_goes_to_an_engine_that_takes_it(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="in oil " * 60)
    await reply.until(has_pictures)
    assert [row.engine for row in await until_settled(app)] == ["gg-3.0"]


async def test_several_pictures_go_to_an_engine_that_takes_so_many(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[engines."gg-2.5"]\nfirst = true\n')
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        given = {f"image{number}": photo(name=f"{number}.jpg") for number in range(1, 5)}
        reply = await ada.use("blend", prompt="one room", **given)
        await reply.until(has_pictures)
        opened = await ada.use("blend", prompt="one room")
        reply = await ada.submit_modal(
            opened, {"pictures": [photo(name=f"{number}.jpg") for number in range(5)]}
        )
        await reply.until(has_pictures)
        opened = await ada.use("blend", prompt="one room")
        reply = await ada.submit_modal(opened, {"pictures": [photo()]})
        await reply.until(has_pictures)
        rows = await until_settled(app, 3)
        assert [row.engine for row in rows] == ["gg-3.0", "gg-3.0", "gg-2.5"]


KLING_FIRST = "[engines.kling-expand]\nfirst = true\n"


@pytest.mark.parametrize(
    ("upload", "ratio", "engine"),
    [(photo((640, 360)), "9:16", "outpaint"), (photo((640, 480)), "16:9", "kling-expand")],
    ids=["too far for the first", "near enough"],
)
async def test_a_picture_that_the_first_engine_cannot_take_goes_to_the_next(
    run: Run, stand_ins: StandIns, tmp_path: Path, upload: Upload, ratio: str, engine: str
) -> None:
    (tmp_path / "easel.toml").write_text(KLING_FIRST)
    async with run() as app:
        reply = await stand_ins.visitor("Ada").use("tool outpaint", image=upload, ratio=ratio)
        await reply.until(has_pictures)
        assert [row.engine for row in await until_settled(app)] == [engine]


async def test_a_picture_that_no_engine_takes_is_refused_and_costs_nothing(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(KLING_FIRST)
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        reply = await ada.use("tool outpaint", image=photo((640, 360)), ratio="16:9")
        await reply.until(says("16:9 already"))
        named = await ada.use(
            "tool outpaint", image=photo((640, 360)), ratio="9:16", engine="kling-expand"
        )
        await named.until(says("3.2 times its area"))
        assert await ledger(app) == []
        assert stand_ins.tencent.calls == []


async def test_of_several_refusals_of_a_picture_the_first_engines_is_told(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[engines.rapid]\nfirst = true\n")
    async with run() as app:
        reply = await stand_ins.visitor("Ada").restyle(photo((40, 40)), prompt="a fox")
        await reply.until(says("both sides must be over 128 pixels"))  # for the others: over 50
        assert await ledger(app) == []


async def gone(app: App, clock: Clock, *engines: str) -> None:
    fault = Fault(engines, Kind.GONE, "ActionOffline", "req-1")
    await app.storage.engine_states.suspend(fault, clock())
    await app.engines.look()


async def test_again_goes_to_another_engine_where_its_own_is_gone_unless_none_has_its_style(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    first = await (await ada.restyle(photo(), prompt="a fox", style="104")).until(has_pictures)
    await until_settled(app)
    await gone(app, clock, "anime")
    refused = await ada.press(first, "Again")
    await refused.until(says("anime"))
    assert len(await ledger(app)) == 1, "no other engine has its style"
    plain = await (await ada.imagine("a lighthouse")).until(has_pictures)
    await until_settled(app, 2)
    await gone(app, clock, "gg-3.0")
    await (await ada.press(plain, "Again")).until(has_pictures)
    rows = await until_settled(app, 3)
    assert [row.engine for row in rows] == ["anime", "gg-3.0", "gg-3.1"]


async def test_again_asks_another_engine_for_the_style_of_the_same_name(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    first = await (await ada.imagine("a fox", style="ink")).until(has_pictures)
    await until_settled(app)
    await gone(app, clock, "rapid")
    await (await ada.press(first, "Again")).until(has_pictures)
    rows = await until_settled(app, 2)
    assert [row.engine for row in rows] == ["rapid", "hy-1.0"], "each has an id of its own for it"


async def test_suggestions_are_of_engines_that_take_what_is_filled_in(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")

    async def suggested(command: str, option: str, text: str = "", **filled: object) -> list[str]:
        return [c["value"] for c in await ada.type(command, option, text, **filled)]

    assert await suggested("imagine", "style", "ink") == ["Ink", "Shinkai"]
    assert await suggested("imagine", "style", "ink", negative="dogs") == ["Ink"]
    assert await suggested("imagine", "style", "ink", count=4) == []
    assert await suggested("imagine", "ratio", "16:9") == ["16:9"]
    assert await suggested("imagine", "ratio", size="1152x768") == ["3:2"]
    assert await suggested("imagine", "ratio", "1:8", engine="gg-3.0") == []
    sizes = await suggested("imagine", "size")
    assert sizes[:4] == ["1K", "2K", "4K", "720P"]
    assert len({size.casefold() for size in sizes}) == len(sizes), "1k and 1K are one"
    assert (await suggested("imagine", "engine", count=4))[0] == "og-low"
    assert await suggested("imagine", "engine", "gg", count=4) == []
    assert "gg-3.0" in await suggested("imagine", "engine", "gg", count=4, style="None")
    assert "anime" in await suggested("restyle", "engine", prompt="x" * 256)
    assert "anime" not in await suggested("restyle", "engine", prompt="x" * 257)
    assert await ledger(app) == []
