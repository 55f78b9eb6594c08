"""Whether what comes back of a form or a select is what it asked for: clients may send anything."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discord import ui

_TEXT_CHARS = 4000  # of a text that names no limit of its own (Discord docs, 2026-08)


def is_as_asked(form: ui.Modal, components: Any, resolved: Any) -> bool:
    """Tell whether each of a form's fields came back once, and no other, with what it takes."""
    fields = {item.custom_id: item for item in form.walk_children() if hasattr(item, "custom_id")}
    try:
        sent = list(_fields(components))
        known = {key for things in resolved.values() for key in things}
        return sorted(each["custom_id"] for each in sent) == sorted(fields) and all(
            _fits(fields[each["custom_id"]], each, known) for each in sent
        )
    except (AttributeError, KeyError, TypeError):  # no list, or no object, where one belongs
        return False


def is_offered(select: ui.Select[Any], values: Sequence[Any]) -> bool:
    """Tell whether a select offers what was chosen of it."""
    offered = {option.value for option in select.options}
    return bool(values) and len(values) <= select.max_values and offered.issuperset(values)


def _fields(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what came back of fields, out of their labels and rows; texts have none."""
    for part in components:
        inner = [part["component"]] if "component" in part else part.get("components", [])
        yield from (inner or [part] if "custom_id" in part or inner else ())


def _fits(field: Any, sent: Mapping[str, Any], known: set[str]) -> bool:
    if sent["type"] != field.type.value:
        return False
    match field:
        case ui.TextInput():
            text = sent["value"]
            return isinstance(text, str) and len(text) <= (field.max_length or _TEXT_CHARS)
        case ui.Checkbox():
            return isinstance(sent["value"], bool)
        case ui.RadioGroup():
            chosen = sent["value"]
            is_nothing = chosen is None and not field.required
            return is_nothing or chosen in {option.value for option in field.options}
    return _are_known(field, sent["values"], known)


def _are_known(field: Any, values: Any, known: set[str]) -> bool:
    """Tell whether chosen values are options, or stand for something that came with them."""
    if not isinstance(values, list) or len(values) > (field.max_values or len(field.options)):
        return False
    if not values:
        return not field.required
    has_options = isinstance(field, ui.Select | ui.CheckboxGroup)
    offered = {option.value for option in field.options} if has_options else known
    return len(set(values)) == len(values) and offered.issuperset(values)
