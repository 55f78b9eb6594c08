"""The checker itself: it must refuse what Discord refuses, or its silence means nothing."""

from typing import Any

import pytest

from tests.sandbox.discord.openapi import OpenApi, official

MESSAGES = "/channels/1/messages"
ORIGINAL = "/webhooks/1/abc/messages/@original"
CALLBACK = "/interactions/1/abc/callback"
COMMANDS = "/applications/1/commands"


@pytest.fixture
def checker() -> OpenApi:
    found = official()
    if found is None:
        pytest.skip("no copy of Discord's OpenAPI preview next to the repository")
    return found


def option(name: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "x", **more}


def command(name: str = "draw", **more: Any) -> dict[str, Any]:
    return {"type": 1, "name": name, "description": "x", **more}


def gallery(count: int) -> dict[str, Any]:
    items = [{"media": {"url": "attachment://a.png"}}] * count
    return {"flags": 1 << 15, "components": [{"type": 12, "items": items}]}


def row(button: dict[str, Any]) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": [button]}]}


def modal(title: str) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "t", "style": 1}
    label = {"type": 18, "label": "Text", "component": field}
    return {"type": 9, "data": {"custom_id": "m", "title": title, "components": [label]}}


CHOICES = [{"name": str(i), "value": str(i)} for i in range(26)]
FILES = [{"id": i, "filename": f"{i}.png"} for i in range(11)]

SOUND = {
    "text": ("POST", MESSAGES, {"content": "x" * 2000}),
    "ten pictures": ("POST", MESSAGES, gallery(10)),
    "button": ("POST", MESSAGES, row({"type": 2, "style": 1, "label": "Go", "custom_id": "go"})),
    "defer": ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
    "modal": ("POST", CALLBACK, modal("x" * 45)),
    "choices": ("POST", CALLBACK, {"type": 8, "data": {"choices": CHOICES[:25]}}),
    "commands": ("PUT", COMMANDS, [command(options=[option(choices=CHOICES[:25])])]),
    "nonce": ("POST", MESSAGES, {"content": "x", "nonce": "n" * 25, "enforce_nonce": True}),
    "files": ("POST", MESSAGES, {"content": "x", "attachments": FILES[:10]}),
    "edit": ("PATCH", ORIGINAL, {"content": None}),
}
BROKEN = {
    "2001 characters": ("PATCH", ORIGINAL, {"content": "x" * 2001}),
    "11 pictures": ("POST", MESSAGES, gallery(11)),
    "button without style": ("POST", MESSAGES, row({"type": 2, "label": "Go", "custom_id": "go"})),
    "callback type": ("POST", CALLBACK, {"type": 77, "data": {}}),
    "modal title": ("POST", CALLBACK, modal("x" * 46)),
    "26 suggestions": ("POST", CALLBACK, {"type": 8, "data": {"choices": CHOICES}}),
    "26 choices": ("PUT", COMMANDS, [command(options=[option(choices=CHOICES)])]),
    "26 options": ("PUT", COMMANDS, [command(options=[option(f"o{i}") for i in range(26)])]),
    "140 commands": ("PUT", COMMANDS, [command(f"c{i}") for i in range(140)]),
    "33-character name": ("PUT", COMMANDS, [command("x" * 33)]),
    "26-character nonce": ("POST", MESSAGES, {"content": "x", "nonce": "n" * 26}),
    "11 embeds": ("POST", MESSAGES, {"embeds": [{"title": "x"}] * 11}),
    "11 files": ("POST", MESSAGES, {"content": "x", "attachments": FILES}),
    "alt text": (
        "POST",
        MESSAGES,
        {"attachments": [{"id": 0, "filename": "a.png", "description": "x" * 1025}]},
    ),
    "unknown field": ("POST", MESSAGES, {"contents": "x"}),
    "no body": ("POST", MESSAGES, None),
    "no operation": ("POST", "/nowhere", {}),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_request_passes(checker: OpenApi, name: str) -> None:
    method, path, body = SOUND[name]
    assert checker.request(method, path, {}, "application/json", body) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_request_is_refused(checker: OpenApi, name: str) -> None:
    method, path, body = BROKEN[name]
    assert checker.request(method, path, {}, "application/json", body) != []


def test_a_stray_query_and_a_wrong_content_type_are_refused(checker: OpenApi) -> None:
    body = {"content": "x"}
    assert checker.request("POST", MESSAGES, {"wait": "1"}, "application/json", body) != []
    assert checker.request("POST", MESSAGES, {}, "text/plain", body) != []
    assert checker.request("POST", MESSAGES, {}, "multipart/form-data", body) == []


def test_an_answer_is_checked_by_its_status(checker: OpenApi) -> None:
    me = {"id": "1", "username": "Easel"}
    assert checker.response("GET", "/users/@me", 200, me) != []
    assert checker.response("GET", "/users/@me", 401, {"code": 0, "message": "no"}) == []
    assert checker.response("GET", "/users/@me", 401, "no") != []
    assert checker.response("GET", "/users/@me", 201, me) != []
    assert checker.response("DELETE", f"{MESSAGES}/1", 204, None) == []
