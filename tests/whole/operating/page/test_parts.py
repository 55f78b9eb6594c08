"""Acts carry every kind of select and every part of a form, also those Easel does not use yet."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.page.stage import photo
from tests.whole.operating.page.conftest import JSON, Browser, Played

TOKEN = "token-of-the-stand-in"
USER, ROLE, MENTIONABLE, CHANNEL, WORDS = 5, 6, 7, 8, 3
FORM: JSON = {
    "title": "Every part",
    "custom_id": "form",
    "components": [
        {"type": 18, "label": "Words", "component": {"type": 4, "custom_id": "text", "style": 1}},
        {
            "type": 18,
            "label": "One",
            "component": {
                "type": 21,
                "custom_id": "radio",
                "options": [{"label": "Red", "value": "red"}, {"label": "Blue", "value": "blue"}],
            },
        },
        {
            "type": 18,
            "label": "Some",
            "component": {
                "type": 22,
                "custom_id": "boxes",
                "max_values": 2,
                "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
            },
        },
        {"type": 18, "label": "Yes?", "component": {"type": 23, "custom_id": "box"}},
        {"type": 18, "label": "File", "component": {"type": 19, "custom_id": "file"}},
    ],
}


class SmallBot:
    """A bot that opens the form for a button and keeps what else it is sent."""

    def __init__(self, http: aiohttp.ClientSession, stand_ins: StandIns) -> None:
        self._http = http
        self._api = stand_ins.discord.api
        self.got: list[JSON] = []

    async def serve(self, gateway: str) -> None:
        async with self._http.ws_connect(gateway) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1}})
            async for frame in socket:
                heard = frame.json()
                if heard.get("t") == "INTERACTION_CREATE":
                    await self._answer(heard["d"])

    async def post(self, channel: str, components: list[JSON]) -> JSON:
        url = f"{self._api}/channels/{channel}/messages"
        headers = {"Authorization": f"Bot {TOKEN}"}
        body = {"content": "all of it", "components": components}
        async with self._http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def _answer(self, asked: JSON) -> None:
        self.got.append(asked["data"])
        opens = asked["data"]["custom_id"] == "open"
        body: JSON = {"type": 9, "data": FORM} if opens else {"type": 6}
        url = f"{self._api}/interactions/{asked['id']}/{asked['token']}/callback"
        async with self._http.post(url, json=body) as answer:
            assert answer.status == 204, await answer.text()


@pytest.fixture
async def small_bot(played: Played) -> AsyncIterator[SmallBot]:
    discord = played.stand_ins.discord
    async with aiohttp.ClientSession() as http:
        bot = SmallBot(http, played.stand_ins)
        serving = asyncio.create_task(bot.serve(discord.gateway.url))
        await discord.gateway.wait_ready()
        yield bot
        serving.cancel()
        await asyncio.wait({serving})


async def test_every_kind_of_select_carries_what_was_chosen_and_who_that_is(
    ada: Browser, people: dict[str, Browser], small_bot: SmallBot, stand_ins: StandIns
) -> None:
    role = stand_ins.guild.add_role("Painters")
    bo = people["Bo"].who
    chosen: dict[int, tuple[Any, str, str]] = {
        USER: ({"user": bo}, bo, "members"),
        ROLE: ({"role": role.id}, role.id, "roles"),
        MENTIONABLE: ({"role": role.id}, role.id, "roles"),
        CHANNEL: ({"channel": ada.channel}, ada.channel, "channels"),
    }
    rows = [{"type": 1, "components": [{"type": kind, "custom_id": f"of {kind}"}]}
            for kind in chosen]  # fmt: skip
    options = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]
    words = {"type": WORDS, "custom_id": "words", "options": options, "max_values": 2}
    message = await small_bot.post(ada.channel, [*rows, {"type": 1, "components": [words]}])
    for kind, (value, thing, resolved) in chosen.items():
        await ada.act("choose", message=message["id"], custom_id=f"of {kind}", values=[value])
        got = small_bot.got[-1]
        assert (got["component_type"], got["values"]) == (kind, [thing])
        assert thing in got["resolved"][resolved]
    await ada.act("choose", message=message["id"], custom_id="words", values=["b", "a"])
    assert small_bot.got[-1]["values"] == ["b", "a"]
    assert "offers" in await ada.refused(
        "choose", message=message["id"], custom_id="words", values=["c"]
    )


async def test_every_part_of_a_form_carries_what_was_entered(
    ada: Browser, small_bot: SmallBot
) -> None:
    button = {"type": 2, "style": 1, "label": "Open", "custom_id": "open"}
    message = await small_bot.post(ada.channel, [{"type": 1, "components": [button]}])
    form = (await ada.act("press", message=message["id"], custom_id="open"))["modal"]
    assert form["modal"]["title"] == FORM["title"]
    entered: JSON = {
        "text": "hello",
        "radio": "blue",
        "boxes": ["a", "b"],
        "box": True,
        "file": [{"file": 0}],
    }
    cat = ("cat.jpg", photo("cat.jpg").data)
    wrong = await ada.refused("submit", cat, key=form["key"], values=entered | {"radio": "green"})
    assert "offers" in wrong
    await ada.act("submit", cat, key=form["key"], values=entered)
    sent = {c["component"]["custom_id"]: c["component"] for c in small_bot.got[-1]["components"]}
    assert sent["text"]["value"] == "hello"
    assert sent["radio"]["value"] == "blue"
    assert sent["boxes"]["values"] == ["a", "b"]
    assert sent["box"]["value"] is True
    [file] = small_bot.got[-1]["resolved"]["attachments"].values()
    assert sent["file"]["values"] == [file["id"]]
    assert file["filename"] == "cat.jpg"
