"""The catalogue's rows: the shipped engines as the operator's file changes them, and its own."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.engines.engine import Capabilities
from bot.domain.operator_errors import SettingsError
from bot.domain.wording.names import nearest
from bot.settings.easel_toml import EngineEntry, TakesSection, joined, with_common
from bot.settings.faults import explain

Row = Mapping[str, Any]

_NEEDED = ("provider", "pool")
_API = ("provider", "action")
_MODEL = ("model", "version")
_OF_MODEL = ("called", "good_for", "price_usd", "prices", "settings")


@cache
def shipped_rows() -> Mapping[str, Mapping[str, Row]]:
    """Return `engines.toml` of the package; whoever completes a row of it makes a new one."""
    return tomllib.loads(files("bot.settings").joinpath("engines.toml").read_text("utf-8"))


def capabilities_of(rows: Mapping[str, Row], where: str) -> dict[str, Capabilities]:
    """Return what each row of `takes` lets members ask for; raises SettingsError."""
    try:
        return _takes_sections().validate_python(with_common(rows))
    except ValidationError as error:
        raise SettingsError(explain(error, where=where)) from None


@cache
def engine_entries() -> TypeAdapter[dict[str, EngineEntry]]:
    """Return what checks whole rows; it takes longer to build than to use."""
    return TypeAdapter(dict[str, EngineEntry])


@cache
def _takes_sections() -> TypeAdapter[dict[str, TakesSection]]:
    return TypeAdapter(dict[str, TakesSection])


def catalogue_rows(shipped: Mapping[str, Row], own: Mapping[str, Row]) -> dict[str, dict[str, Any]]:
    """Return all engines' rows in their order; `own` rows hold only the keys that are written.

    A shipped engine keeps its place, new ones come after these, and those with `first` before all,
    in the order of the file. Raises ValueError for a row that lacks what nothing else says.
    """
    rows = {name: _merged(row, own.get(name, {})) for name, row in shipped.items()}
    rows |= {name: dict(row) for name, row in own.items() if name not in shipped}
    for name, row in rows.items():
        _check_whole(name, row, list(shipped))
    first = [name for name, row in own.items() if row.get("first")]
    return {name: rows[name] for name in (*first, *rows)}


def _check_whole(name: str, row: Row, shipped: Sequence[str]) -> None:
    missing = [key for key in _NEEDED if row.get(key) is None]
    if not missing:
        return
    why = (
        "no engine of this name is shipped, so its row says everything; there are others, such as "
        f"{nearest(name, shipped)}"
    )
    if name in shipped:
        why = "with another provider or action nothing of the shipped engine is taken over"
    raise ValueError(f"engines.{name}: {' and '.join(missing)} must be set; {why}")


def _merged(shipped: Row, own: Row) -> dict[str, Any]:
    """Return a shipped row with the operator's keys, tables such as `prices` joined.

    Of another API nothing holds that the shipped row says, of another model not what is that
    model's own: a price or a name that goes on silently would be wrong.
    """
    if _differs(shipped, own, _API):
        return dict(own)
    if _differs(shipped, own, _MODEL):
        shipped = {key: value for key, value in shipped.items() if key not in _OF_MODEL}
    return joined([shipped, own])


def _differs(shipped: Row, own: Row, keys: tuple[str, ...]) -> bool:
    return any(key in own and own[key] != shipped.get(key, "") for key in keys)
