"""Discord's rules for what a bot sends: commands, suggestions, messages, forms, mentions."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from bot.sandbox.discord.world.message import COMPONENTS_V2, SELECTS, walk
from bot.sandbox.discord.world.people import JSON

Drop = Literal["before", "after"]
At = Literal["connect", "identify", "resume"]

COMMAND_LIMITS = {1: 100, 2: 15, 3: 15}  # slash, user menu, message menu (Discord docs, 2026-08)
OPTION_NAME = re.compile(r"[-_'\w]{1,32}")


def command_breaches(commands: list[JSON]) -> Iterator[str]:
    """Yield what is wrong with a set of commands (Discord docs, 2026-08)."""
    for kind, limit in COMMAND_LIMITS.items():
        names = [c["name"] for c in commands if c.get("type", 1) == kind]
        if len(names) > limit:
            yield f"{len(names)} commands of type {kind}, at most {limit}"
        if len(set(names)) < len(names):
            yield f"two commands of type {kind} have one name"
    for command in commands:
        yield from _one_command(command)


def _one_command(command: JSON) -> Iterator[str]:
    name = command["name"]
    if command.get("type", 1) != 1:
        for shown in _languages(command, "name"):
            if not 1 <= len(shown) <= 32:
                yield f"menu command name {shown!r} must have 1-32 characters"
        return
    yield from _named(name, command)
    if _weight(command) > 8000:
        yield f"/{name} weighs {_weight(command)} characters, at most 8000"


def _named(path: str, part: JSON) -> Iterator[str]:
    options = part.get("options") or []
    for name in _languages(part, "name"):
        if not OPTION_NAME.fullmatch(name) or name != name.lower():
            yield f"/{path}: {name!r} breaks ^[-_'\\p{{L}}\\p{{N}}]{{1,32}}$ in lower case"
    if not all(1 <= len(text) <= 100 for text in _languages(part, "description")):
        yield f"/{path}: a description has 1-100 characters"
    if len(options) > 25:
        yield f"/{path}: {len(options)} options, at most 25"
    yield from _choices(path, part.get("choices") or [])
    required = [bool(o.get("required")) for o in options]
    if required != sorted(required, reverse=True):
        yield f"/{path}: required options must come first"
    for option in options:
        yield from _named(f"{path} {option['name']}", option)


def _choices(path: str, choices: list[JSON]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"/{path}: {len(choices)} choices, at most 25"
    for choice in choices:
        texts = [*_languages(choice, "name"), str(choice["value"])]
        if not all(1 <= len(text) <= 100 for text in texts):
            yield f"/{path}: the choice {choice['name']!r} must have 1-100 characters"


def _languages(part: JSON, key: str) -> list[str]:
    """Take a text and its localisations."""
    return [part.get(key) or "", *(part.get(f"{key}_localizations") or {}).values()]


def _weight(part: JSON) -> int:
    """Characters of names, descriptions and values, the longest localisation counting."""
    total = 0
    for key in ("name", "description"):
        total += max(len(text) for text in _languages(part, key))
    total += len(str(part["value"])) if "value" in part else 0
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return total + sum(_weight(p) for p in inner)


def autocomplete_breaches(choices: list[JSON], option_type: int) -> Iterator[str]:
    """Yield what is wrong with the choices of an autocomplete answer."""
    yield from _choices("autocomplete", choices)
    wanted = {3: (str,), 4: (int,), 10: (int, float)}[option_type]
    for choice in choices:
        if not isinstance(choice["value"], wanted):
            yield f"autocomplete: {choice['value']!r} is no value of option type {option_type}"


def message_breaches(
    *, content: str, embeds: list[JSON], components: list[JSON], flags: int, filenames: list[str]
) -> Iterator[str]:
    """Yield what Discord would refuse in a message as it would stand (Discord docs, 2026-08)."""
    if len(content) > 2000:
        yield f"content of {len(content)} characters, at most 2000"
    if len(embeds) > 10:
        yield f"{len(embeds)} embeds, at most 10"
    if len(filenames) > 10:
        yield f"{len(filenames)} attachments, at most 10"
    version2 = bool(flags & COMPONENTS_V2)
    if version2 and (content or embeds):
        yield "Components V2 together with content or embeds"
    if not version2 and any(c["type"] != 1 for c in components):
        yield "new components without the Components V2 flag"
    if not version2 and len(components) > 5:
        yield f"{len(components)} rows of components, at most 5"
    yield from _component_breaches(list(walk(components)), filenames)


def _component_breaches(parts: list[JSON], filenames: list[str]) -> Iterator[str]:
    if len(parts) > 40:
        yield f"{len(parts)} components, at most 40"
    text = sum(len(p["content"]) for p in parts if p["type"] == 10)
    if text > 4000:
        yield f"{text} characters of text displays, at most 4000"
    ids = [p["custom_id"] for p in parts if p.get("custom_id") is not None]
    if len(set(ids)) < len(ids):
        yield "a custom_id is there twice"
    yield from (f"custom_id of {len(i)} characters, 1-100" for i in ids if not 1 <= len(i) <= 100)
    for part in parts:
        yield from _shape(part)
    for name in shown_names(parts) - set(filenames):
        yield f"attachment://{name} is not among the attachments"


def _shape(part: JSON) -> Iterator[str]:
    kind, inner = part["type"], part.get("components") or []
    selects = sum(p["type"] in SELECTS for p in inner)
    if kind == 1 and (not 1 <= len(inner) <= 5 or (selects and len(inner) > 1)):
        yield "an action row holds 1-5 buttons or one select"
    if kind == 9 and (not 1 <= len(inner) <= 3 or not part.get("accessory")):
        yield "a section holds 1-3 texts and an accessory"
    if kind == 12 and not 1 <= len(part.get("items") or []) <= 10:
        yield "a media gallery holds 1-10 items"
    if kind == 2 and len(part.get("label") or "") > 80:
        yield "a button label has at most 80 characters"
    if kind == 2 and (part.get("url") is None) != (part.get("custom_id") is not None):
        yield "a button has either a custom_id or a url"
    if kind == 3 and not 1 <= len(part.get("options") or []) <= 25:
        yield "a select holds 1-25 options"
    descriptions = [part, *(part.get("items") or [])]
    if any(len(d.get("description") or "") > 1024 for d in descriptions):
        yield "alt text of more than 1024 characters"


def media_urls(parts: Iterable[JSON]) -> list[str]:
    """Every media url in a flat list of components."""
    urls = [part[key]["url"] for part in parts for key in ("media", "file") if part.get(key)]
    items = [item for part in parts for item in part.get("items") or ()]
    return urls + [item["media"]["url"] for item in items]


def shown_names(parts: list[JSON]) -> set[str]:
    """Collect the file names that components show by `attachment://`."""
    prefix = "attachment://"
    return {url.removeprefix(prefix) for url in media_urls(parts) if url.startswith(prefix)}


def modal_breaches(modal: JSON) -> Iterator[str]:
    """Yield what Discord would refuse in a modal (Discord docs, 2026-08)."""
    if not 1 <= len(modal.get("title") or "") <= 45:
        yield "a modal title has 1-45 characters"
    if not 1 <= len(modal.get("custom_id") or "") <= 100:
        yield "a modal custom_id has 1-100 characters"
    if not 1 <= len(modal.get("components") or []) <= 5:
        yield "a modal holds 1-5 components"
    for part in walk(modal.get("components") or []):
        if part["type"] == 18 and not 1 <= len(part.get("label") or "") <= 45:
            yield "a label has 1-45 characters"
        if part["type"] == 18 and len(part.get("description") or "") > 100:
            yield "a label's description has at most 100 characters"


def loose_mentions(content: str, components: list[JSON], allowed: JSON | None) -> list[str]:
    """Find the mentions in a text that would ping because nobody said otherwise.

    A ping is deliberate only if `allowed_mentions` lists the very user or role.
    """
    texts = [content, *(p["content"] for p in walk(components) if p["type"] == 10)]
    found = re.findall(r"<@!?\d+>|<@&\d+>|@everyone|@here", "\n".join(texts))
    rules = {"parse": ["users", "roles", "everyone"]} if allowed is None else allowed
    parsed = set(rules.get("parse") or ())
    return [m for m in found if _kind(m) in parsed]


def _kind(mention: str) -> str:
    if mention.startswith("<@&"):
        return "roles"
    return "users" if mention.startswith("<@") else "everyone"
