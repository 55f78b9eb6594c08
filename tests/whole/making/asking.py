"""Every way in which a picture can be asked for, up to the act itself."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from tests.whole.conftest import photo, says
from tests.whole.making.follow_ups.pressing import chosen, imagined, job_of, restyled

Act = Callable[[], Awaitable[Reply]]
"""Asks; a prompt of one's own holds the words given before."""

Way = Callable[[StandIns, Visitor, str], Awaitable[Act]]


async def imagine(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.imagine(f"a boat, {words}")


async def imagine_negative(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.imagine("a boat", negative=words)


async def choices(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.imagine("{a boat,%s}" % words)  # noqa: UP031 - braces are the prompt's own


async def a_yes_to_choices(_: StandIns, ada: Visitor, words: str) -> Act:
    asked = await ada.imagine("{a boat,%s}" % words)  # noqa: UP031 - braces are the prompt's own
    question = await asked.until(says("one for each choice"))
    return lambda: ada.press(question, "Make them")


async def restyle(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.restyle(photo(), prompt=words)


async def blend(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.use("blend", prompt=words, image1=photo())


async def form_of_blend(_: StandIns, ada: Visitor, __: str) -> Act:
    return lambda: ada.use("blend")


async def filled_form_of_blend(_: StandIns, ada: Visitor, words: str) -> Act:
    opened = await ada.use("blend")
    return lambda: ada.submit_modal(opened, {"prompt": words, "pictures": [photo()]})


async def again(stand_ins: StandIns, ada: Visitor, words: str) -> Act:
    made = await imagined(stand_ins, negative=words)
    return lambda: ada.press(made, "Again")


async def edit(stand_ins: StandIns, ada: Visitor, _: str) -> Act:
    made = await imagined(stand_ins)
    return lambda: ada.press(made, "Edit")


async def filled_edit(stand_ins: StandIns, ada: Visitor, words: str) -> Act:
    opened = await ada.press(await imagined(stand_ins), "Edit")
    return lambda: ada.submit_modal(opened, {"prompt": words})


async def another_engine(stand_ins: StandIns, ada: Visitor, _: str) -> Act:
    made = await imagined(stand_ins)
    for part in walk(made.components):
        if part.get("label") == "Edit":
            part["custom_id"] = f"easel:engine:{job_of(made)}"
    return lambda: ada.press(made, "Edit")


async def another_picture(stand_ins: StandIns, ada: Visitor, _: str) -> Act:
    made = await restyled(stand_ins)
    for part in walk(made.components):
        if part.get("label") == "Again":
            part["custom_id"] = f"easel:picture:{job_of(made)}"
    return lambda: ada.press(made, "Again")


async def vary(stand_ins: StandIns, _: Visitor, words: str) -> Act:
    made = await imagined(stand_ins, negative=words)
    return lambda: chosen(stand_ins, made, "vary-little")


async def upscale(stand_ins: StandIns, _: Visitor, __: str) -> Act:
    made = await imagined(stand_ins)
    return lambda: chosen(stand_ins, made, "upscale")


async def form_of_restyle_this(stand_ins: StandIns, _: Visitor, __: str) -> Act:
    made = await imagined(stand_ins)
    return lambda: chosen(stand_ins, made, "restyle")


async def restyle_this(stand_ins: StandIns, ada: Visitor, words: str) -> Act:
    opened = await chosen(stand_ins, await imagined(stand_ins), "restyle")
    return lambda: ada.submit_modal(opened, {"prompt": words})


async def menu(_: StandIns, ada: Visitor, __: str) -> Act:
    posted = ada.say("look", photo())
    return lambda: ada.menu("Restyle image", posted)


async def filled_menu(_: StandIns, ada: Visitor, words: str) -> Act:
    opened = await ada.menu("Restyle image", ada.say("look", photo()))
    return lambda: ada.submit_modal(opened, {"Prompt": words})


def _tool(name: str, **options: object) -> Way:
    async def way(_: StandIns, ada: Visitor, __: str) -> Act:
        return lambda: ada.use(f"tool {name}", image=photo(), **options)

    return way


async def sketch(_: StandIns, ada: Visitor, words: str) -> Act:
    return lambda: ada.use("tool sketch", image=photo(), prompt=words)


WITH_WORDS: Mapping[str, Way] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            imagine,
            imagine_negative,
            choices,
            a_yes_to_choices,
            restyle,
            blend,
            filled_form_of_blend,
            again,
            filled_edit,
            vary,
            restyle_this,
            filled_menu,
            sketch,
        )
    }
)
"""What is asked for with words of one's own."""

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        **WITH_WORDS,
        **{
            each.__name__: each
            for each in (
                form_of_blend,
                edit,
                another_engine,
                another_picture,
                upscale,
                form_of_restyle_this,
                menu,
            )
        },
        **{
            f"tool_{name}": _tool(name, **({"ratio": "16:9"} if name == "outpaint" else {}))
            for name in ("refine", "outpaint", "avatar", "upscale", "repair", "cutout")
        },
    }
)
"""All of them."""
