"""What an action accepts, as data: its fields, their limits, and the codes of refusal."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.refusals import refuse

Kind = Literal["string", "integer", "number", "object", "integers", "strings", "objects"]
Params = dict[str, Any]
Handler = Callable[[Account, Request], Awaitable[dict[str, Any]]]
Check = Callable[[Params], None]

PARAMETER_VALUE_ERROR = "InvalidParameterValue.ParameterValueError"


@dataclass(frozen=True)
class Field:
    """One parameter: its type and limits, and the codes where they differ from the action's own."""

    name: str
    kind: Kind = "string"
    required: bool = False
    choices: tuple[object, ...] | None = None
    low: float | None = None
    above: float | None = None  # exclusive, where `low` is inclusive
    high: float | None = None
    longest: int | None = None  # characters of a string
    members: tuple["Field", ...] = ()
    code: str | None = None
    missing_code: str = "MissingParameter"
    long_code: str | None = None


@dataclass(frozen=True)
class Action:
    """One row of the API: where it lives, what it accepts, and what answers it."""

    name: str
    service: str
    version: str
    handle: Handler
    fields: tuple[Field, ...] = ()
    checks: tuple[Check, ...] = ()  # combinations of parameters
    value_code: str = "InvalidParameterValue"
    regions: frozenset[str] = frozenset()  # empty: the action needs no region
    per_second: int | None = None  # None: no figure is published


def check(action: Action, params: Params) -> None:
    """Hold `params` against the action's row. Raises Refusal for the first rule broken."""
    _check_object(action.fields, params, action.value_code, "")
    for combination in action.checks:
        combination(params)


def _check_object(fields: tuple[Field, ...], given: Params, value_code: str, where: str) -> None:
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            raise refuse("UnknownParameter", f"The parameter `{where}{name}` is not recognized.")
    for name, field in known.items():
        if name in given:
            _check_value(field, given[name], value_code, where + name)
        elif field.required:
            raise refuse(
                field.missing_code, f"The request is missing the parameter `{where}{name}`."
            )


def _check_value(field: Field, value: object, value_code: str, where: str) -> None:
    if not _TYPES[field.kind](value):
        raise refuse(
            "InvalidParameter", f"The type of `{where}` is not valid: {field.kind} wanted."
        )
    for one, at in _parts(field, value, where):
        if isinstance(one, dict):
            _check_object(field.members, one, value_code, f"{at}.")
        else:
            _check_limits(field, one, value_code, at)


def _parts(field: Field, value: Any, where: str) -> list[tuple[object, str]]:
    if field.kind in ("integers", "strings", "objects"):
        return [(one, f"{where}.{index}") for index, one in enumerate(value)]
    return [(value, where)]


def _check_limits(field: Field, value: Any, value_code: str, where: str) -> None:
    code = field.code or value_code
    if field.longest is not None and len(value) > field.longest:
        raise refuse(field.long_code or code, f"`{where}` exceeds {field.longest} characters.")
    if field.choices is not None and value not in field.choices:
        raise refuse(code, f"`{where}` must be one of {', '.join(map(str, field.choices))}.")
    if _outside(field, value):
        raise refuse(code, f"`{where}` is out of range.")


def _outside(field: Field, value: Any) -> bool:
    return (
        (field.low is not None and value < field.low)
        or (field.above is not None and value <= field.above)
        or (field.high is not None and value > field.high)
    )


_TYPES: Mapping[Kind, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,  # a boolean is no integer here
    "number": lambda value: type(value) in (int, float),
    "object": lambda value: isinstance(value, dict),
    "integers": lambda value: isinstance(value, list) and all(type(v) is int for v in value),
    "strings": lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
    "objects": lambda value: isinstance(value, list) and all(isinstance(v, dict) for v in value),
}
