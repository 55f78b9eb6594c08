"""What is suggested while somebody types, and that what they read can be sent back as it stands."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.discord_limits import CHOICE_CHARS
from tests.whole.conftest import Run, has_pictures, until_settled

GG = 'provider = "vod"\nmodel = "GG"\nversion = "3.0"\npool = "vod"\n'

Typing = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
def typing(stand_ins: StandIns) -> Typing:
    """Type into an option: what is suggested, by value what reads there."""

    async def typed(command: str, option: str, text: str = "", **filled: object) -> dict[str, str]:
        choices = await stand_ins.visitor("Ada").type(command, option, text, **filled)
        return {choice["value"]: choice["name"] for choice in choices}

    return typed


async def test_an_engine_is_suggested_by_its_readable_name_with_its_price_and_use(
    run: Run, typing: Typing, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[engines."gg-3.0"]\nprice_usd = 0.0425\nprices = { "4K" = 0.24 }\n'
        f'[engines.mine]\n{GG}called = "Mine"\n'
    )
    async with run():
        about = "up to 14 pictures together, up to 4K"
        plain = await typing("imagine", "engine")
        assert plain["gg-3.0"] == f"Tencent VOD GG 3.0 · $0.0425 a picture · {about}"
        assert plain["gg-3.1-lite"].split(" · ")[1] == "price not set"
        assert (await typing("imagine", "engine", "mine"))["mine"] == "Mine · price not set"
        large = await typing("imagine", "engine", "GG 3.0", size="4K")
        assert large == {"gg-3.0": f"Tencent VOD GG 3.0 · $0.24 a picture · {about}"}
        sizes = await typing("imagine", "size", engine="gg-3.0")
        assert sizes == {
            "1K": "1K · $0.0425 a picture",
            "2K": "2K · $0.0425 a picture",
            "4K": "4K · $0.24 a picture",
        }


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("gg3", "gg-3.0"),
        ("hunyaun", "hunyuan-3.0"),
        ("transparent", "og-low"),
        ("kling omni", "kling-3.0-omni"),
        ("26 styles", "hy-1.0"),
    ],
)
@pytest.mark.usefixtures("app")
async def test_an_engine_is_found_by_its_name_its_use_or_with_a_slip(
    typing: Typing, text: str, engine: str
) -> None:
    assert next(iter(await typing("imagine", "engine", text))) == engine


@pytest.mark.usefixtures("app")
async def test_ratios_and_sizes_say_their_shape(typing: Typing) -> None:
    ratios = await typing("imagine", "ratio", engine="kling-o1")
    assert ratios["16:9"] == "16:9 · landscape"
    assert ratios["9:16"] == "9:16 · portrait"
    assert ratios["1:1"] == "1:1 · square"
    assert ratios["auto"] == "auto · as the engine thinks best"
    assert next(iter(await typing("imagine", "ratio", "portrait"))) == "2:3"
    assert (await typing("imagine", "size", engine="hy-3.0"))["768x1024"] == "768x1024 · portrait"


@pytest.mark.usefixtures("app")
async def test_a_style_is_found_with_a_slip_and_in_either_spelling(typing: Typing) -> None:
    assert list(await typing("imagine", "style", "watercolor")) == ["Watercolour"]
    assert list(await typing("restyle", "style", "stempunk")) == ["Steampunk"]
    assert list(await typing("restyle", "style", "fine brush")) == ["Fine Brushwork"]


@pytest.mark.usefixtures("app")
async def test_what_reads_in_the_list_may_be_typed_as_it_stands(
    stand_ins: StandIns, app: App, typing: Typing
) -> None:
    ada = stand_ins.visitor("Ada")
    label = (await typing("imagine", "engine", "og high"))["og-high"]
    reply = await ada.imagine("a cat", engine=label, ratio="16:9 · landscape", size="2K")
    await reply.until(has_pictures)
    reply = await ada.imagine("a cat", engine="tencent vod gg 3.1")
    await reply.until(has_pictures)
    rows = await until_settled(app, 2)
    assert [row.engine for row in rows] == ["og-high", "gg-3.1"]
    assert "9:16" in await typing("imagine", "ratio", "9:16", engine=label)


async def test_engines_of_one_title_read_apart_and_either_can_be_sent_back(
    run: Run, stand_ins: StandIns, typing: Typing, tmp_path: Path
) -> None:
    rows = "".join(
        f'[engines.{name}]\n{GG}called = "Twin"\nprice_usd = 0.5\n' for name in ("left", "right")
    )
    (tmp_path / "easel.toml").write_text(rows)
    async with run() as app:
        found = await typing("imagine", "engine", "twin")
        assert found == {
            "left": "Twin (left) · $0.50 a picture",
            "right": "Twin (right) · $0.50 a picture",
        }
        reply = await stand_ins.visitor("Ada").imagine("a cat", engine=found["right"])
        await reply.until(has_pictures)
        assert [row.engine for row in await until_settled(app)] == ["right"]


async def test_a_label_is_as_long_as_discord_takes_and_still_means_its_engine(
    run: Run, stand_ins: StandIns, typing: Typing, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        f'[engines.lite]\ncalled = "{"Long " * 9}"\ngood_for = "{"w" * 60}"\n'
    )
    async with run() as app:
        label = (await typing("imagine", "engine", "long"))["lite"]
        assert len(label) == CHOICE_CHARS
        reply = await stand_ins.visitor("Ada").imagine("a cat", engine=label)
        await reply.until(has_pictures)
        assert [row.engine for row in await until_settled(app)] == ["lite"]


async def test_a_style_with_a_dot_in_its_name_is_not_cut(
    run: Run, stand_ins: StandIns, typing: Typing, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[takes."aiart TextToImage"]\ncommands = ["imagine"]\nprompt_max = 256\n'
        'styles = { 101 = "Half · tone" }\n'
    )
    async with run() as app:
        assert list(await typing("imagine", "style", "half")) == ["Half · tone"]
        reply = await stand_ins.visitor("Ada").imagine("a cat", style="Half · tone")
        await reply.until(has_pictures)
        assert [row.engine for row in await until_settled(app)] == ["hy-1.0"]


@pytest.mark.usefixtures("app")
async def test_only_what_goes_with_what_is_typed_is_suggested(typing: Typing) -> None:
    assert "gg-3.0" in await typing("imagine", "engine")
    several = await typing("imagine", "engine", count=4)
    assert "og-low" in several
    assert "gg-3.0" not in several
    assert "768x1024" in await typing("imagine", "size", "768x")
    assert "768x1024" not in await typing("imagine", "size", "768x", ratio="16:9")
