"""Whatever is wished of a VOD engine: a request within every documented limit, or a refusal."""

import json
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.engines import Engine
from bot.domain.errors import NotPossible
from bot.domain.fitted import check_fitted
from bot.domain.jobs import Wishes
from bot.domain.pictures import Picture
from bot.domain.ports import Work
from bot.domain.wish_errors import OptionOutOfRange
from bot.domain.wishes import check as check_wishes
from bot.domain.wishes import resolve
from bot.providers.body import json_body
from bot.providers.vod_request import task_request
from bot.sandbox.tencent.inputs import decode_base64
from bot.sandbox.tencent.rules import check
from bot.sandbox.tencent.server import ACTIONS
from bot.sandbox.tencent.vod_tasks import REFERENCE_BYTES
from tests.providers.work import JOB, photo, shipped

ENGINES = [engine for engine in shipped().values() if engine.provider == "vod"]
RATIOS = sorted({ratio for engine in ENGINES for ratio in engine.takes.ratios} | {"7:5", "", "x"})
NAMES = sorted({size for engine in ENGINES for size in engine.takes.sizes} | {"8K", "big"})
STEPS = st.integers(0, 320)
SIZES = st.one_of(
    st.sampled_from(NAMES),
    st.builds(lambda wide, high: f"{wide * 16}x{high * 16}", STEPS, STEPS),
    st.builds("{}*{}".format, st.integers(0, 5000), st.integers(0, 5000)),
    st.text(max_size=12),
)
PROMPTS = st.one_of(st.just("a cat"), st.text(max_size=60), st.just("é" * 4000), st.just(" "))
FREE = {"class_id": ("0", "7"), "expires_after": ("30d", "2w")}
SHAPES = ((120, 90), (90, 120), (600, 61), (333, 334), (2048, 1152))


def wishes_for(engine: Engine) -> st.SearchStrategy[Wishes]:
    """Return wishes, of which the engine takes a good part."""
    takes = engine.takes
    return st.builds(
        Wishes,
        prompt=PROMPTS,
        negative=st.one_of(st.none(), st.text(max_size=1100)),
        style=st.sampled_from((None, None, None, "oil")),
        ratio=st.sampled_from((None, *takes.ratios, *takes.ratios, *RATIOS)),
        size=st.one_of(st.none(), st.sampled_from((None, *takes.sizes)), SIZES),
        seed=st.one_of(st.none(), st.integers(0, 2**32 - 1), st.integers()),
        count=st.one_of(st.just(1), st.integers(1, takes.count_max), st.integers(-1, 12)),
    )


def pictures_for(engine: Engine) -> st.SearchStrategy[tuple[bytes, ...]]:
    most = engine.takes.references
    counts = st.one_of(st.integers(min(1, most), most), st.integers(0, most + 1))
    pictures = st.sampled_from([photo(*shape) for shape in SHAPES])
    return counts.flatmap(lambda count: st.lists(pictures, min_size=count, max_size=count)).map(
        tuple
    )


def engine_settings(engine: Engine) -> st.SearchStrategy[dict[str, str]]:
    """Return what an operator may fix; a scene's engine keeps its scene."""
    offered = {name: texts or FREE[name] for name, texts in engine.takes.settings.items()}
    chosen = {name: st.sampled_from(texts) for name, texts in offered.items()}
    kept = {name: st.just(text) for name, text in engine.settings.items()}
    return st.fixed_dictionaries(kept, optional={n: c for n, c in chosen.items() if n not in kept})


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@settings(max_examples=60)
@given(data=st.data())
async def test_a_request_is_valid_or_refused_before_it_is_sent(
    engine: Engine, data: st.DataObject
) -> None:
    fixed = replace(engine, settings=data.draw(engine_settings(engine)))
    wishes, pictures = data.draw(wishes_for(engine)), data.draw(pictures_for(engine))
    with suppress(NotPossible):
        await check_sent(fixed, wishes, pictures, priority=data.draw(st.integers(-99, 99)))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
async def test_everything_an_engine_offers_can_be_asked_for(engine: Engine) -> None:
    takes = engine.takes
    least = 0 if "imagine" in takes.commands else 1
    ratio = takes.ratios[0] if takes.extends else None
    plain = Wishes(prompt="a cat", negative="a dog", seed=2**32 - 1, ratio=ratio)
    asked = [replace(plain, ratio=each) for each in takes.ratios if not takes.extends]
    asked += [replace(plain, size=each) for each in takes.sizes]
    for wishes in (plain, replace(plain, count=takes.count_max), *asked):
        for count in {least, takes.references}:
            await check_sent(engine, wishes, (photo(120, 90),) * count)
    for name, texts in takes.settings.items():
        for text in texts or FREE[name]:
            await check_sent(
                replace(engine, settings={**engine.settings, name: text}), plain, (photo(),) * least
            )


async def test_a_ratio_left_open_does_not_make_a_wrong_size_right() -> None:
    with pytest.raises(OptionOutOfRange):
        await check_sent(shipped()["kling-o1"], Wishes("a cat", ratio="auto", size="8x8"), ())


async def check_sent(
    engine: Engine, wishes: Wishes, pictures: tuple[bytes, ...], *, priority: int = 0
) -> None:
    """Hold what would be sent against the stand-in's rules; raises NotPossible if nothing would."""
    wished = resolve(engine, wishes)
    check_wishes(engine, wished, len(pictures))
    for picture in pictures:
        check_fitted(engine, wished, measured(picture))
    work = Work(JOB, engine, wished, pictures, priority=priority)
    body = await json_body(task_request(work, sub_app_id=1, session=str(JOB), now=1.79e9))
    sent = json.loads(b"".join(body.pieces))
    check(ACTIONS["CreateAigcImageTask"], sent)
    files = [decode_base64(file["Base64"]) for file in sent.get("FileInfos", ())]
    assert tuple(files) == pictures
    assert sum(map(len, files)) <= REFERENCE_BYTES
    assert body.length < 10_000_000


def measured(picture: bytes) -> Picture:
    with Image.open(BytesIO(picture)) as opened:
        return Picture(picture, "image/jpeg", *opened.size)
