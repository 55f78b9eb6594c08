"""Checks requests and answers against Discord's official OpenAPI preview, where it is present."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema_rs import (
    Draft202012,
    Draft202012Validator,
    Registry,
    ValidationError,
    ValidationErrorKind,
)

from bot.sandbox.discord.routes.rest import Exchange

DOCUMENT = Path(__file__).parents[4] / "shared" / "discord-openapi.json"
URN = "urn:discord"
# What discord.py sends where the preview does not list it, by a word of the schema's name.
LIBRARY_EXTRAS = {
    "Request": {"nsfw", "tts"},
    "Attachment": {"content_type", "height", "proxy_url", "size", "spoiler", "url", "width"},
}
# How an alternative that was not meant differs: another `type` of component or another JSON type.
NOT_MEANT = (ValidationErrorKind.Constant, ValidationErrorKind.Enum, ValidationErrorKind.Type)


@cache
def official() -> "OpenApi | None":
    """The checker, or None where no copy of the description lies next to the repository."""
    return OpenApi(json.loads(DOCUMENT.read_text())) if DOCUMENT.exists() else None


class OpenApi:
    """The operations of an OpenAPI 3.1 document, to check exchanges by. It alters the document."""

    def __init__(self, document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        # New attachments carry integers as ids, in the documentation's own example too.
        schemas["SnowflakeType"]["type"] = ["string", "integer"]
        # Bots forward messages, too (docs, "message reference types"); the preview leaves that out.
        schemas["MessageReferenceType"]["oneOf"].append({"title": "FORWARD", "const": 1})
        for name, schema in schemas.items():
            _close(name, schema)
        self._registry = Registry([(URN, document)], draft=Draft202012)
        self._validators: dict[str, Draft202012Validator] = {}
        self._paths = document["paths"]
        # Fixed words win over parameters: @me and @original before ids.
        templates = sorted(self._paths, key=lambda template: template.count("{"))
        self._patterns = {each: re.compile(re.sub(r"{\w+}", "[^/]+", each)) for each in templates}

    def complaints(self, exchange: Exchange) -> list[str]:
        """What is wrong with an exchange. Refused requests and scripted answers are not judged."""
        call = exchange.call
        found = []
        if exchange.status < 400:
            found = self.request(call.method, call.path, call.query, call.content_type, call.body)
        if exchange.status and not exchange.is_scripted:
            found += self.response(call.method, call.path, exchange.status, exchange.response)
        return [f"{call.method} {call.path}: {text}" for text in found]

    def request(
        self, method: str, path: str, query: dict[str, str], content_type: str, body: Any
    ) -> list[str]:
        """What is wrong with a request; of a multipart body `body` is its `payload_json`."""
        template, operation = self._operation(method, path)
        if operation is None:
            return ["no such operation"]
        shared = self._paths[template].get("parameters", [])
        declared = {p.get("name") for p in [*shared, *operation.get("parameters", [])]}
        found = [f"undeclared query {name}" for name in query.keys() - declared]
        accepted = operation.get("requestBody", {})
        if body is None:
            return found + ["a body is required"] * bool(accepted.get("required"))
        if content_type not in accepted.get("content", {}):
            return [*found, f"no body of type {content_type!r} is expected"]
        pointer = _pointer(template, method, "requestBody", "content", content_type, "schema")
        return found + self._validate(pointer, body)

    def response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer."""
        template, operation = self._operation(method, path)
        if operation is None:
            return [] if status == 404 else ["an answer to no operation"]
        listed = operation["responses"]
        key = str(status) if str(status) in listed else f"{status // 100}XX"
        if key not in listed:
            return [] if status >= 500 else [f"status {status} is not listed"]
        if key == "4XX" or status == 429:
            complete = isinstance(body, dict) and "message" in body
            return [] if complete else ["an error without a message"]
        if "content" not in listed[key]:
            return ["a body where none belongs"] * (body is not None)
        content = ("responses", key, "content", "application/json", "schema")
        return self._validate(_pointer(template, method, *content), body)

    def _operation(self, method: str, path: str) -> tuple[str, dict[str, Any] | None]:
        for template, pattern in self._patterns.items():
            if pattern.fullmatch(path):
                return template, self._paths[template].get(method.lower())
        return "", None

    def _validate(self, pointer: str, body: Any) -> list[str]:
        if pointer not in self._validators:
            schema = {"$ref": f"{URN}#{pointer}"}
            self._validators[pointer] = Draft202012Validator(
                schema, registry=self._registry, mask="what is sent"
            )
        return [_told(error) for error in self._validators[pointer].iter_errors(body)]


def _told(error: ValidationError) -> str:
    """Say what is wrong; of alternatives, what is wrong in the one that was meant."""
    alternatives = getattr(error.kind, "context", ())
    inner = [each for errors in alternatives for each in errors]
    if inner:
        return _told(max(inner, key=_likeness))
    return f"/{'/'.join(map(str, error.instance_path))}: {error.message}"


def _likeness(error: ValidationError) -> tuple[bool, int]:
    return not isinstance(error.kind, NOT_MEANT), len(error.instance_path)


def _close(name: str, schema: dict[str, Any]) -> None:
    """Forbid unknown fields, which OpenAPI lets pass."""
    if not name.endswith(("Request", "RequestPartial")) or "properties" not in schema:
        return
    schema["additionalProperties"] = False
    for word, extras in LIBRARY_EXTRAS.items():
        if word in name:
            schema["properties"] |= dict.fromkeys(extras - schema["properties"].keys(), True)


def _pointer(template: str, method: str, *steps: str) -> str:
    parts = ["paths", template, method.lower(), *steps]
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
    return "/" + quote("/".join(escaped), safe="/~")
