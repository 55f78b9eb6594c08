"""What a visitor does in the browser reaches the bot as a member's own client would send it."""

from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.page.stage import photo
from tests.whole.operating.page.conftest import JSON, Browser, has_pictures, is_message

pytestmark = pytest.mark.usefixtures("bot")


def buttons(message: JSON) -> dict[str, JSON]:
    def walk(parts: list[JSON]) -> list[JSON]:
        inner = [one for part in parts for one in walk(part.get("components") or [])]
        return parts + inner

    return {b["label"]: b for b in walk(message["components"]) if b["type"] == 2}


async def test_a_command_is_answered_live_with_a_picture_that_the_page_can_show(
    ada: Browser,
) -> None:
    async with ada.listening() as ear:
        await ada.act("command", command="imagine", options={"prompt": "a boat"})
        done = (await ear.until(has_pictures))["message"]
    assert done["command"] == "imagine"
    assert done["ephemeral_to"] is None
    assert (await ada.messages())[-1]["id"] == done["id"]
    picture = await ada.http.get(done["attachments"][0]["url"])
    assert picture.headers["content-type"].startswith("image/")


async def test_a_file_a_shipped_picture_and_a_member_are_options(
    ada: Browser, people: dict[str, Browser]
) -> None:
    cat = ("mine.jpg", photo("cat.jpg").data)
    async with ada.listening() as ear:
        for image, files in (({"file": 0}, [cat]), ({"photo": "cat.jpg"}, [])):
            options = {"image": image, "prompt": "as a watercolour"}
            await ada.act("command", *files, command="restyle", options=options)
            assert (await ear.until(has_pictures))["message"]["command"] == "restyle"
    mira, bo = people["Mira"], people["Bo"]
    async with mira.listening() as ear:
        await mira.act("command", command="quota show", options={"user": {"user": bo.who}})
        shown = (await ear.until(is_message))["message"]
    assert shown["ephemeral_to"] == mira.who


async def test_a_button_is_pressed_and_a_message_menu_is_used(ada: Browser) -> None:
    async with ada.listening() as ear:
        await ada.act("command", command="imagine", options={"prompt": "a boat"})
        done = (await ear.until(has_pictures))["message"]
        again = buttons(done)["Again"]
        await ada.act("press", message=done["id"], custom_id=again["custom_id"])
        repeated = await ear.until(lambda e: has_pictures(e) and e["message"]["id"] != done["id"])
        assert repeated["message"]["id"] > done["id"]
        menus = [c for c in await ada.get("/page/commands") if c["type"] == 3]
        for menu in menus:
            await ada.act("menu", command=menu["name"], target={"message": done["id"]})
        wrong = await ada.refused("press", message="1", custom_id="x")
    assert wrong == "That message is gone."


async def test_a_form_is_opened_filled_in_and_sent(ada: Browser) -> None:
    opened = (await ada.act("command", command="blend", options={}))["modal"]
    parts = [part.get("component", {}) for part in opened["modal"]["components"]]
    upload = next(part for part in parts if part.get("type") == 19)
    files = [("one.jpg", photo("cat.jpg").data), ("two.jpg", photo("cat.jpg").data)]
    values: JSON = {upload["custom_id"]: [{"file": 0}, {"file": 1}]}
    text = next(part for part in parts if part.get("type") == 4)
    values[text["custom_id"]] = "two cats in one boat"
    async with ada.listening() as ear:
        await ada.act("submit", *files, key=opened["key"], values=values)
        assert (await ear.until(has_pictures))["message"]["attachments"]
    assert await ada.refused("submit", key=opened["key"], values={}) == (
        "That form is no longer open."
    )


async def test_a_form_is_its_openers_alone(ada: Browser, people: dict[str, Browser]) -> None:
    opened = (await ada.act("command", command="blend", options={}))["modal"]
    refused = await people["Bo"].refused("submit", key=opened["key"], values={})
    assert refused == "That form is no longer open."


async def test_choices_are_offered_while_typing(ada: Browser) -> None:
    found = [
        (command["name"], option["name"])
        for command in await ada.get("/page/commands")
        for option in command.get("options") or []
        if option.get("autocomplete")
    ]
    assert found
    for name, option in found:
        offered = await ada.act("type", command=name, option=option, text="", options={})
        assert isinstance(offered["choices"], list)


async def test_an_ephemeral_answer_is_seen_by_its_asker_until_it_is_dismissed(
    ada: Browser, people: dict[str, Browser]
) -> None:
    async with ada.listening() as ear, people["Bo"].listening() as other:
        await ada.act("command", command="jobs", options={})
        answer = (await ear.until(is_message))["message"]
        await ada.act("say", text="hello")
        assert (await other.until(is_message))["message"]["content"] == "hello"
        assert answer["ephemeral_to"] == ada.who
        assert [m["content"] for m in await people["Bo"].messages()] == ["hello"]
        assert len(await ada.messages()) == 2
        nobody = await people["Bo"].refused("dismiss", message=answer["id"])
        await ada.act("dismiss", message=answer["id"])
        gone = await ear.until(lambda e: e["kind"] == "deleted")
    assert nobody == "That message is gone."
    assert gone["id"] == answer["id"]
    assert [m["content"] for m in await ada.messages()] == ["hello"]


async def test_a_stranger_sees_nothing_of_a_server_they_are_not_in(
    ada: Browser, people: dict[str, Browser]
) -> None:
    sol = people["Sol"]
    answer = await sol.http.get("/page/messages", params={"as": sol.who, "channel": ada.channel})
    assert answer.status_code == 400
    assert answer.json() == {"error": "Sol is no member of that server."}
    assert await sol.refused("say", text="hello") == "Sol is no member of that server."
    scene = await sol.get("/page/scene")
    assert {guild["name"] for guild in scene["guilds"]} == {"The Atelier", "The Harbour"}


async def test_a_channel_for_moderators_is_closed_to_members_and_open_to_the_bot(
    ada: Browser, people: dict[str, Browser], stand_ins: StandIns
) -> None:
    mira = people["Mira"]
    closed = next(c for c in stand_ins.guild.channels if c.name == "moderators")
    [shown] = [
        channel
        for guild in (await ada.get("/page/scene"))["guilds"]
        for channel in guild["channels"]
        if channel["seen_by"] is not None
    ]
    assert shown["id"] == closed.id
    assert set(shown["seen_by"]) == {mira.who, stand_ins.discord.world.bot.id}
    mira.channel = ada.channel = closed.id
    async with ada.listening() as ear, mira.listening() as other:
        await mira.act("command", command="imagine", options={"prompt": "a boat"})
        assert (await other.until(has_pictures))["message"]["channel_id"] == closed.id
        heard = [event for event in ear.heard if is_message(event)]
    assert heard == []
    for act, more in (
        ("say", {"text": "hello"}),
        ("command", {"command": "imagine", "options": {"prompt": "a boat"}}),
    ):
        assert await ada.refused(act, **more) == "#moderators is closed to Ada."
    asked = {"as": ada.who, "channel": closed.id}
    assert (await ada.http.get("/page/messages", params=asked)).status_code == 400


async def test_only_who_may_use_a_command_is_offered_it(
    people: dict[str, Browser], stand_ins: StandIns, tmp_path: Path
) -> None:
    discord, token = stand_ins.discord, stand_ins.variables(tmp_path)["DISCORD_TOKEN"]
    for number, needed in enumerate((None, "32", "0")):
        path = f"applications/{discord.world.bot.id}/guilds/{stand_ins.guild.id}/commands"
        command = {"name": "tidy", "description": "Tidy up", "default_member_permissions": needed}
        synced = await people["Ada"].http.put(
            f"{discord.api}/{path}", json=[command], headers={"Authorization": f"Bot {token}"}
        )
        assert synced.status_code == 200
        for name, least in (("Ada", 0), ("Mira", 1)):
            offered = {c["name"] for c in await people[name].get("/page/commands")}
            assert ("tidy" in offered) == (number <= least), (name, needed)
    refused = await people["Ada"].refused("command", command="tidy", options={})
    assert refused == "Ada may not use 'tidy' here."


async def test_what_no_client_would_send_is_refused_in_a_sentence(ada: Browser) -> None:
    assert await ada.refused("command", command="imagine", options={}) == (
        "option 'prompt' is required"
    )
    assert await ada.refused("say", text=" ") == "A message needs a word or a file."
    assert await ada.refused("fly") == "There is no act 'fly'."
    assert await ada.refused("command", command="restyle", options={"image": {"file": 3}}) == (
        "There is no file 3 with this."
    )
    nothing = await ada.http.post("/page/act", data={"act": "[]"})
    assert nothing.status_code == 400


async def test_a_mention_names_whom_it_really_names(
    ada: Browser, people: dict[str, Browser]
) -> None:
    scene = await ada.get("/page/scene")
    known = {m["id"]: m["username"] for guild in scene["guilds"] for m in guild["members"]}
    assert {one["username"] for one in scene["people"]} < set(known.values())
    async with people["Bo"].listening() as ear:
        await people["Bo"].act("command", command="imagine", options={"prompt": "a boat"})
        shown = (await ear.until(has_pictures))["message"]
    assert shown["interaction_metadata"]["user"]["id"] == people["Bo"].who


async def test_parts_of_an_act_in_another_shape_are_refused_with_a_sentence(ada: Browser) -> None:
    assert await ada.refused("say", text="x", files=5) == "files is a list, not 5."
    odd = await ada.refused("command", command="imagine", options="x")
    assert odd == "options is a dict, not 'x'."
    opened = await ada.act("command", command="blend", options={})
    key = opened["modal"]["key"]
    assert await ada.refused("submit", key=key, values=[1]) == "values is a dict, not [1]."


async def test_nobody_speaks_as_the_bot_or_at_a_length_no_client_sends(
    ada: Browser, stand_ins: StandIns
) -> None:
    as_bot = Browser(ada.http, stand_ins.discord.world.bot.id, ada.channel)
    assert await as_bot.refused("say", text="hello") == "Nobody here can be Easel."
    long = await ada.refused("say", text="x" * 2001)
    assert long == "A message takes 2000 characters at most, not 2001."
    assert await ada.messages() == []
    await ada.act("say", text="x" * 2000)
