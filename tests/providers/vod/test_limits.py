"""Whatever is wished of a VOD engine: a request within every documented limit, or a refusal."""

import asyncio
import json
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import OptionOutOfRange
from bot.domain.engines.options import check as check_options
from bot.domain.engines.options import check_fitted, resolve
from bot.domain.engines.sizes import PixelRule
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.pictures.picture import Picture
from bot.ports.provider import Work
from bot.providers.tencent.body import json_body
from bot.providers.vod.request import task_request
from bot.sandbox.tencent.inputs import decode_base64
from bot.sandbox.tencent.rules import check
from bot.sandbox.tencent.server import ACTIONS
from bot.sandbox.tencent.vod.tasks import REFERENCE_BYTES
from tests.providers.wished import mostly, offered_only, some, texts
from tests.providers.work import JOB, photo, shipped

ENGINES = [
    engine for engine in shipped().values() if engine.provider == "vod" and not engine.action
]
RATIOS = sorted(
    {ratio for engine in ENGINES for ratio in engine.capabilities.ratios} | {"7:5", "", "x"}
)
NAMES = sorted({size for engine in ENGINES for size in engine.capabilities.sizes} | {"8K", "big"})
SIDES = (*range(256, 4097, 64), 1000, 1365)
STEPS = st.integers(0, 320)
ANY_SIZE = st.one_of(
    st.sampled_from(NAMES),
    st.builds(lambda wide, high: f"{wide * 16}x{high * 16}", STEPS, STEPS),
    st.builds("{}*{}".format, st.integers(0, 5000), st.integers(0, 5000)),
    st.text(max_size=12),
)
FREE = {"class_id": ("0", "7"), "expires_after": ("30d", "2w")}
SHAPES = ((120, 90), (90, 120), (600, 61), (333, 334), (2048, 1152))


@cache
def allowed(rule: PixelRule) -> list[str]:
    return [f"{wide}x{high}" for wide, high in product(SIDES, SIDES) if rule.allows(wide, high)]


def sizes(engine: Engine, ratio: str | None) -> st.SearchStrategy[str | None]:
    """Names, and sizes in pixels where the engine takes them; those are a ratio already."""
    usual, rule = st.sampled_from((None, *engine.capabilities.sizes)), engine.capabilities.pixels
    if rule and not ratio:
        usual |= st.sampled_from(allowed(rule))
    return mostly(usual, ANY_SIZE)


@st.composite
def options_for(draw: st.DrawFn, engine: Engine) -> Options:
    """Options that the engine may take and, here and there, one that it does not."""
    takes = engine.capabilities
    ratio = draw(some(takes.ratios, *RATIOS))
    if takes.extends:
        ratio = draw(mostly(st.sampled_from(takes.ratios), st.just(ratio)))
    elif takes.pixels and draw(st.booleans()):
        ratio = None
    options = Options(
        prompt=draw(texts(takes.prompt_max, begin="a")),
        negative=draw(st.none() | texts(takes.negative_max)),
        style=draw(mostly(st.none(), st.just("oil"))),
        ratio=ratio,
        size=draw(sizes(engine, ratio)),
        seed=draw(st.none() | mostly(st.integers(0, 2**31 - 1), st.integers())),
        count=draw(mostly(st.integers(1, takes.count_max), st.integers(-1, 12))),
    )
    return draw(mostly(st.just(offered_only(engine, options)), st.just(options)))


def pictures_for(engine: Engine) -> st.SearchStrategy[tuple[bytes, ...]]:
    takes = engine.capabilities
    least, most = int("imagine" not in takes.commands), takes.references
    counts = mostly(st.integers(least, most), st.sampled_from([0, most + 1]))
    pictures = st.sampled_from([photo(*shape) for shape in SHAPES])
    return counts.flatmap(lambda count: st.lists(pictures, min_size=count, max_size=count)).map(
        tuple
    )


def engine_settings(engine: Engine) -> st.SearchStrategy[dict[str, str]]:
    """Return what an operator may fix; a scene's engine keeps its scene."""
    offered = {name: texts or FREE[name] for name, texts in engine.capabilities.settings.items()}
    chosen = {name: st.sampled_from(texts) for name, texts in offered.items()}
    kept = {name: st.just(text) for name, text in engine.settings.items()}
    return st.fixed_dictionaries(kept, optional={n: c for n, c in chosen.items() if n not in kept})


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_a_request_is_valid_or_refused_before_it_is_sent(engine: Engine) -> None:
    sent: list[bool] = []

    @settings(max_examples=60)
    @given(
        fixed=engine_settings(engine),
        options=options_for(engine),
        pictures=pictures_for(engine),
        priority=st.integers(-99, 99),
    )
    def any_request(
        fixed: dict[str, str], options: Options, pictures: tuple[bytes, ...], priority: int
    ) -> None:
        try:
            asyncio.run(
                check_sent(replace(engine, settings=fixed), options, pictures, priority=priority)
            )
        except NotPossible:
            sent.append(False)
        else:
            sent.append(True)

    any_request()
    assert sum(sent) * 4 > len(sent), "refusals alone prove little"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
async def test_everything_an_engine_offers_can_be_asked_for(engine: Engine) -> None:
    takes = engine.capabilities
    least = 0 if "imagine" in takes.commands else 1
    ratio = takes.ratios[0] if takes.extends else None
    plain = Options(prompt="a cat", negative="a dog", seed=2**32 - 1, ratio=ratio)
    asked = [replace(plain, ratio=each) for each in takes.ratios if not takes.extends]
    asked += [replace(plain, size=each) for each in takes.sizes]
    for options in (plain, replace(plain, count=takes.count_max), *asked):
        for count in {least, takes.references}:
            await check_sent(engine, options, (photo(120, 90),) * count)
    for name, offered in takes.settings.items():
        for text in offered or FREE[name]:
            await check_sent(
                replace(engine, settings={**engine.settings, name: text}), plain, (photo(),) * least
            )


async def test_a_ratio_left_open_does_not_make_a_wrong_size_right() -> None:
    with pytest.raises(OptionOutOfRange):
        await check_sent(shipped()["kling-o1"], Options("a cat", ratio="auto", size="8x8"), ())


async def check_sent(
    engine: Engine, options: Options, pictures: tuple[bytes, ...], *, priority: int = 0
) -> None:
    """Hold what would be sent against the stand-in's rules; raises NotPossible if nothing would."""
    wished = resolve(engine, options)
    check_options(engine, wished, len(pictures))
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
