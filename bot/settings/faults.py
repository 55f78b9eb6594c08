"""Says in plain sentences which setting cannot work and what to write instead, never its value."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

REMEDIES = {
    "DISCORD_TOKEN": "from your application's Bot page in the Discord developer portal",
    "DATABASE_URL": "sqlite:///data/easel.db or postgresql://user:pass@host/db",
    "TENCENTCLOUD_SECRET_ID": "set it and TENCENTCLOUD_SECRET_KEY both, or neither",
    "EASEL_ERASURE_KEY": "64 or more hexadecimal digits, such as `openssl rand -hex 32` prints",
    "EASEL_C2PA_CERT": "set it and EASEL_C2PA_KEY both, or neither",
    "EASEL_HTTP": "host:port such as 127.0.0.1:8080, or empty to switch it off",
    "EASEL_SHARD_IDS": "a range such as 0-3, below EASEL_SHARD_COUNT, which must be set too",
    "EASEL_DISCORD_API": "a scheme, a host and a path: http://host:port/api/v10",
    "EASEL_AIART_ENDPOINT": "a scheme and a host: https://aiart.intl.tencentcloudapi.com",
    "EASEL_VOD_ENDPOINT": "a scheme and a host: https://vod.intl.tencentcloudapi.com",
    "label.timestamp": "the address of an RFC 3161 server: http://timestamp.example.com",
    "endpoint": "a scheme and a host: https://aiart.tencentcloudapi.com",
}
# The beginnings of pydantic's names for a wrong type (its list of validation errors, 2026-10).
_TYPES = {
    "int": "must be a whole number",
    "float": "must be a number",
    "finite": "must be a number",
    "bool": "must be true or false",
    "string": "must be text in quotes",
    "date": "must be a date such as 2026-12-31",
    "list": "must be a list in [brackets]",
    "tuple": "must be a list in [brackets]",
    "dict": "must be a table",
    "model": "must be a table",
}
_BOUNDS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
}


def explain(error: ValidationError, model: type[BaseModel] | None = None, where: str = "") -> str:
    """Return a line for each fault; `model` knows the keys there are, `where` names the file."""
    lines: list[str] = []
    for fault in error.errors(include_input=False, include_url=False):
        place = fault["loc"]
        name = ".".join(str(part) for part in place)
        remedy = REMEDIES.get(name) or REMEDIES.get(str(place[-1]) if place else "")
        said = _said(fault["type"], fault["msg"], fault.get("ctx", {}), _known(model, place[:-1]))
        if fault["type"] == "tuple_type" and _known(model, (*place, 0)):
            said = f"must be a list: write [[{name}]] above each entry"
        lines.append(f"{where}{name}: {said}" + (f" ({remedy})" if remedy else ""))
    return "\n".join(lines)


def _said(kind: str, message: str, facts: Mapping[str, Any], known: Sequence[str]) -> str:
    if kind == "extra_forbidden":
        return "no such key" + (f"; known: {', '.join(known)}" if known else "")
    if kind == "missing":
        return "must be set"
    if kind == "string_pattern_mismatch":
        return "is not written in the form it must have"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**facts)
    return _TYPES.get(kind.partition("_")[0], message)


def _known(model: Any, place: Sequence[int | str]) -> list[str]:
    """Return the keys of the section at that place: lists and tables lead to what they hold."""
    for part in place:
        if _is_section(model):
            field = model.model_fields.get(part)
            model = None if field is None else field.annotation
        else:
            model = next((held for held in get_args(model) if _is_section(held)), None)
    return sorted(model.model_fields) if _is_section(model) else []


def _is_section(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)
