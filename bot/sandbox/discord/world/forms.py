"""What a client lets a member fill in: command options and the fields of a modal."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord.world import message_payloads, payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.people import JSON, Role, User
from bot.sandbox.discord.world.world import Channel, Member

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (Member, User),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (Member, User, Role),
    NUMBER: (int, float),
}
TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 4, 19, 21, 22, 23


class CannotSend(ValueError):
    """No Discord client would let a member send this."""


@dataclass(frozen=True)
class Upload:
    """A file a member attaches; without `content_type` the name's ending decides."""

    filename: str
    data: bytes
    content_type: str | None = None


class Form:
    """Fills a command's options in, as far as a client would, and collects `resolved`."""

    def __init__(self, cdn: Cdn, channel: Channel) -> None:
        self._cdn = cdn
        self._channel = channel
        self.resolved: dict[str, JSON] = {}

    def fill(
        self, offered: list[JSON], values: dict[str, Any], *, complete: bool = True
    ) -> list[JSON]:
        """Fill options in as the interaction carries them. Raises CannotSend.

        `complete` false leaves required options out, as while typing.
        """
        known = {option["name"]: option for option in offered}
        for name in values.keys() - known.keys():
            raise CannotSend(f"there is no option {name!r}")
        for name, option in known.items():
            if complete and option.get("required") and name not in values:
                raise CannotSend(f"option {name!r} is required")
        return [self.option(known[name], value) for name, value in values.items()]

    def option(self, option: JSON, value: Any) -> JSON:
        """Check and resolve one option's value. Raises CannotSend."""
        kind, name = option["type"], option["name"]
        if kind == ATTACHMENT:
            if not isinstance(value, Upload):
                raise CannotSend(f"option {name!r} takes an Upload")
            return {"name": name, "type": kind, "value": self.attach(value)}
        stray_bool = isinstance(value, bool) and kind != BOOLEAN
        if stray_bool or not isinstance(value, TYPES[kind]):
            raise CannotSend(f"option {name!r} does not take {value!r}")
        _check_range(option, value)
        kinds = option.get("channel_types")
        if kinds and isinstance(value, Channel) and value.kind not in kinds:
            raise CannotSend(f"option {name!r} does not offer channels of type {value.kind}")
        if isinstance(value, Member | User | Channel | Role):
            return {"name": name, "type": kind, "value": self.resolve(value)}
        return {"name": name, "type": kind, "value": value}

    def attach(self, upload: Upload) -> str:
        """Put a member's file on the CDN; the id it gets."""
        file = self._cdn.store(
            self._channel.id, upload.filename, upload.data, content_type=upload.content_type
        )
        shown = message_payloads.attachment(file, self._cdn) | {"ephemeral": True}
        self.resolved.setdefault("attachments", {})[file.id] = shown
        return file.id

    def known(self, shown: JSON) -> Member | User | Channel | Role:
        """Return what a list shows as chosen from the start. Raises CannotSend."""
        guild, kind, wanted = self._channel.guild, shown["type"], str(shown["id"])
        roles = {role.id: role for role in guild.roles} if guild else {}
        members = dict(guild.members) if guild else {}
        found: dict[str, Any] = {
            "channel": self._channel.world.channels,
            "role": roles,
            "user": members,
        }
        if wanted not in found[kind]:
            raise CannotSend(f"there is no {kind} {wanted}")
        thing: Member | User | Channel | Role = found[kind][wanted]
        return thing

    def resolve(self, thing: Member | User | Channel | Role) -> str:
        """Name a user, channel or role in `resolved`; its id."""
        if isinstance(thing, Role):
            guild = self._channel.guild
            position = guild.roles.index(thing) if guild else 0
            self.resolved.setdefault("roles", {})[thing.id] = payloads.role(thing, position)
        elif isinstance(thing, Channel):
            allowed = str(int(thing.bot_permissions))
            shown = payloads.channel(thing) | {"permissions": allowed, "app_permissions": allowed}
            self.resolved.setdefault("channels", {})[thing.id] = shown
        else:
            account = thing.user if isinstance(thing, Member) else thing
            self.resolved.setdefault("users", {})[account.id] = payloads.user(account)
        if isinstance(thing, Member):
            self.resolved.setdefault("members", {})[thing.id] = payloads.resolved_member(thing)
        return thing.id


def _check_range(option: JSON, value: Any) -> None:
    name, choices = option["name"], option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise CannotSend(f"option {name!r} does not offer {value!r}")
    if isinstance(value, str):
        low, high = option.get("min_length", 0), option.get("max_length", 6000)
        if not low <= len(value) <= high:
            raise CannotSend(f"option {name!r} takes {low}-{high} characters, not {len(value)}")
    elif isinstance(value, int | float):
        limit = 2**53
        low, high = option.get("min_value", -limit), option.get("max_value", limit)
        if not low <= value <= high:
            raise CannotSend(f"option {name!r} takes {low} to {high}, not {value}")


def selected(select: JSON, values: tuple[Any, ...], form: Form) -> list[str]:
    """Check chosen values as a select sends them. Raises CannotSend."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not low <= len(values) <= high:
        raise CannotSend(f"{select['custom_id']!r} takes {low}-{high} values, not {len(values)}")
    if "options" not in select:
        return [form.resolve(value) for value in values]
    offered = {option["value"] for option in select["options"]}
    if not offered.issuperset(values):
        raise CannotSend(f"{select['custom_id']!r} offers {sorted(offered)}, not {values}")
    return [str(value) for value in values]


def submitted(part: JSON, left: dict[str, Any], form: Form) -> JSON:
    """Fill in one top-level part of a modal with its value, taken out of `left`."""
    shown = {"type": part["type"], "id": part["id"]}
    if part["type"] == 18:
        return shown | {"component": _answer(part["component"], part["label"], left, form)}
    if part["type"] == 1:
        inner = [_answer(c, c.get("label") or "", left, form) for c in part["components"]]
        return shown | {"components": inner}
    return shown


def _answer(field: JSON, label: str, left: dict[str, Any], form: Form) -> JSON:
    """Fill in one field of a modal with what the visitor entered. Raises CannotSend."""
    kind, custom_id = field["type"], field["custom_id"]
    given = left.pop(custom_id, None)
    given = left.pop(label, None) if given is None else given
    shown = {"type": kind, "id": field["id"], "custom_id": custom_id}
    if kind == TEXT_INPUT:
        return shown | {"value": _text(field, given)}
    if kind == CHECKBOX:
        return shown | {"value": bool(field.get("default") if given is None else given)}
    if kind == RADIO:
        return shown | {"value": next(iter(_several(field, given, form)), None)}
    return shown | {"values": _several(field, given, form)}


def _text(field: JSON, given: Any) -> str:
    text = str(field.get("value") or "" if given is None else given)
    required = field.get("required") is not False
    low, high = field.get("min_length") or int(required), field.get("max_length") or 4000
    if (text or required) and not low <= len(text) <= high:
        raise CannotSend(f"{field['custom_id']!r} takes {low}-{high} characters, not {len(text)}")
    return text


def _several(field: JSON, given: Any, form: Form) -> list[str]:
    """Check the values of an upload field, a select, a radio group or a group of boxes.

    What nobody touched is sent as the form was opened with it.
    """
    if given is None:
        given = [each["value"] for each in field.get("options") or () if each.get("default")]
        given += [form.known(each) for each in field.get("default_values") or ()]
    values = tuple(given) if isinstance(given, list | tuple) else (given,) * (given is not None)
    required = field.get("required") is not False
    if not values and not required:
        return []
    if field["type"] != FILE_UPLOAD:
        defaults: JSON = {"min_values": int(required)}
        if field["type"] == CHECKBOXES:  # as many as there are (Discord docs, 2026-08)
            defaults["max_values"] = len(field["options"])
        told = {key: value for key, value in field.items() if value is not None}
        return selected(defaults | told, values, form)
    low = int(required) if field.get("min_values") is None else field["min_values"]
    high = field.get("max_values") or 1
    if not low <= len(values) <= high:
        raise CannotSend(f"{field['custom_id']!r} takes {low}-{high} files, not {len(values)}")
    return [form.attach(upload) for upload in values]
