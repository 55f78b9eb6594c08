"""Any prompt, any options: a request that the stand-in's own rules take, or a refusal before it."""

import asyncio
import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.engines.engine import Engine
from bot.domain.engines.options import check, check_fitted, resolve
from bot.domain.engines.settings import LOGO_MOST_CHARACTERS
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.picture import Picture
from bot.imaging.uploads.fit import fit
from bot.ports.provider import Work
from bot.providers.aiart.actions import ACTIONS
from bot.providers.tencent.body import json_body
from bot.sandbox.tencent.account import Request
from bot.sandbox.tencent.gate import BODY_LIMIT
from bot.sandbox.tencent.rules import check as check_params
from bot.sandbox.tencent.server import ACTIONS as OFFERED
from tests.providers.wished import mostly, offered_only, some, texts
from tests.providers.work import JOB, shipped
from tests.sandbox.tencent.peer import sandbox

AIART = [engine for engine in shipped().values() if engine.provider == "aiart"]
each_engine = pytest.mark.parametrize("engine", AIART, ids=lambda engine: engine.name)
with_pictures = pytest.mark.parametrize(
    "engine",
    [engine for engine in AIART if engine.capabilities.references],
    ids=lambda engine: engine.name,
)


def sizes(engine: Engine) -> st.SearchStrategy[Any]:
    takes = engine.capabilities
    sides = st.sampled_from([*(takes.pixels.long_sides if takes.pixels else ()), 512, 576, 1024])
    free = st.tuples(sides | st.integers(1, 5000), sides | st.integers(1, 5000))
    spelt = free.map(lambda both: f"{both[0]} x {both[1]}")
    return some(takes.sizes, "2K") | (spelt if takes.pixels else st.none())


@st.composite
def options_for(draw: st.DrawFn, engine: Engine) -> Options:
    """Options that the engine may take and, here and there, one that it does not."""
    takes = engine.capabilities
    ratio = draw(some(takes.ratios, "5:4"))
    return Options(
        prompt=draw(texts(takes.prompt_max)),
        negative=draw(st.none() | texts(takes.negative_max)),
        style=draw(some([*takes.styles, *takes.styles.values()], "nonsense")),
        strength=draw(st.none() | mostly(st.floats(0.01, 1), st.floats(-0.5, 1.5))),
        ratio=ratio,
        size=draw(sizes(engine)) if ratio is None else None,
        seed=draw(st.none() | st.integers(-1, 2**32)),
        count=draw(mostly(st.just(1), st.just(2))),
        enhance=draw(st.none() | st.booleans()),
        faces=draw(st.none() | mostly(st.integers(0, 6), st.integers(-1, 7))),
        subject=draw(some(takes.subjects, "plant")),
        filter=draw(st.none() | st.booleans()),
    )


async def params_of(
    engine: Engine, options: Options, pictures: list[bytes]
) -> dict[str, Any] | None:
    """The parameters as they would be sent, or None where the options were refused."""
    try:
        options = resolve(engine, options)
        check(engine, options, len(pictures))
        for picture in pictures:
            check_fitted(engine, options, described(picture))
    except NotPossible:
        return None
    work = Work(JOB, engine, options, tuple(pictures))
    body = await json_body(ACTIONS[engine.action].params(work))
    assert body.length <= BODY_LIMIT
    sent: dict[str, Any] = json.loads(b"".join(body.pieces))
    return sent


def described(picture: bytes) -> Picture:
    with Image.open(BytesIO(picture)) as opened:
        return Picture(picture, "image/jpeg", *opened.size)


def upload(size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


UPLOADS = [upload((600, 500))] * 4


@each_engine
@given(data=st.data())
@settings(max_examples=120)
def test_any_options_are_refused_or_become_a_request_within_the_rules(
    engine: Engine, data: st.DataObject
) -> None:
    asked = data.draw(options_for(engine))
    options = offered_only(engine, asked) if data.draw(st.integers(0, 9)) < 9 else asked
    least = int("imagine" not in engine.capabilities.commands)
    most = engine.capabilities.references
    count = data.draw(mostly(st.integers(least, most), st.sampled_from([0, most + 1])))
    params = asyncio.run(params_of(engine, options, UPLOADS[:count]))
    event("sent" if params else "refused")
    if params is not None:
        check_params(OFFERED[engine.action], params)


@with_pictures
@given(
    data=st.data(),
    sides=st.tuples(
        *[st.sampled_from([50, 51, 129, 499, 500, 768, 1365, 2048]) | st.integers(51, 900)] * 2
    ),
)
@settings(max_examples=12)
def test_any_upload_is_refused_or_becomes_a_picture_that_the_action_works_on(
    engine: Engine, data: st.DataObject, sides: tuple[int, int]
) -> None:
    options = offered_only(engine, data.draw(options_for(engine)))
    options = replace(options, prompt="a cat" if engine.capabilities.prompt_max else "", size=None)
    try:
        fitted = fit(upload(sides), engine.capabilities.picture_of(1)).data
    except NotPossible:
        return
    asyncio.run(_works_on(engine, options, fitted))


async def _works_on(engine: Engine, options: Options, picture: bytes) -> None:
    params = await params_of(engine, options, [picture])
    if params is None:
        return
    account, action = sandbox().account, OFFERED[engine.action]
    check_params(action, params)
    reply = await action.handle(account, Request(action.name, "request-1", params))
    assert reply.keys() & {"ResultImage", "JobId"}
    await account.close()
    account.faults.check()


@each_engine
def test_pictures_as_large_as_they_may_be_fit_into_one_request(engine: Engine) -> None:
    takes = engine.capabilities
    for count in range(1, takes.references + 1):
        limits: PictureLimits = takes.picture_of(count)
        base64 = count * (limits.max_bytes + 2) // 3 * 4
        texts = 6 * (takes.prompt_max + takes.negative_max)  # a control character is \\u0000
        texts += LOGO_MOST_CHARACTERS if "logo" in takes.settings else 0
        assert base64 + texts + 10_000 <= BODY_LIMIT


@each_engine
def test_plain_options_are_taken(engine: Engine) -> None:
    takes = engine.capabilities
    ratio = takes.ratios[-1] if takes.extends else None
    options = Options(prompt="a cat" if takes.prompt_max else "", ratio=ratio)
    count = 0 if "imagine" in takes.commands else 1
    assert asyncio.run(params_of(engine, options, UPLOADS[:count])) is not None
