"""What a visitor does in the browser, done as a member's own client would."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bot.sandbox.discord.routes.commands import visible
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.people import JSON, Role, User
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Member
from bot.sandbox.page.stage import Stage, member_or_user, photo

_FORMS_KEPT: Final = 200
_MESSAGE_MOST: Final = 2000  # characters (Discord docs, 2026-08)

Part = TypeVar("Part", list[Any], dict[str, Any])
Perform = Callable[["Act"], Awaitable[JSON]]


@dataclass(frozen=True)
class Act:
    """One act: what was asked, who does it, and the files that came with it."""

    asked: JSON
    files: dict[int, Upload]
    user: User
    channel: Channel
    visitor: Visitor


class Acts:
    """Performs acts; a form that was opened waits under its key until it is submitted."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._forms: dict[str, tuple[User, Reply]] = {}
        self._acts: dict[str, Perform] = {
            "say": self._say,
            "command": self._command,
            "type": self._type,
            "menu": self._menu,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "dismiss": self._dismiss,
        }

    async def perform(self, asked: JSON, files: dict[int, Upload]) -> JSON:
        """Do what was asked and show what the bot opened or offered.

        Raises CannotSend or LookupError, each with a sentence, and NotAcknowledged.
        """
        user = self._stage.person(str(asked.get("as")))
        channel = self._stage.channel(user, str(asked.get("channel")))
        locale = str(asked.get("locale") or "en-US")
        visitor = Visitor(self._stage.discord, user, channel, locale=locale)
        act = self._acts.get(str(asked.get("act")))
        if act is None:
            raise CannotSend(f"There is no act {asked.get('act')!r}.")
        return await act(Act(asked, files, user, channel, visitor))

    async def _say(self, act: Act) -> JSON:
        text = str(act.asked.get("text") or "").strip()
        uploads = [_file(act, index) for index in _part(act, "files", list)]
        if not text and not uploads:
            raise CannotSend("A message needs a word or a file.")
        if len(text) > _MESSAGE_MOST:
            raise CannotSend(
                f"A message takes {_MESSAGE_MOST} characters at most, not {len(text)}."
            )
        if not _may_write(act):
            raise CannotSend(f"{act.user.name} may not write in #{act.channel.name}.")
        act.visitor.say(text, *uploads)
        return {}

    async def _command(self, act: Act) -> JSON:
        name = self._offered(act, kinds={1})
        return self._opened(act, await act.visitor.use(name, **self._options(act)))

    async def _type(self, act: Act) -> JSON:
        name, option = self._offered(act, kinds={1}), str(act.asked.get("option"))
        filled = {key: value for key, value in self._options(act).items() if key != option}
        text = str(act.asked.get("text") or "")
        return {"choices": await act.visitor.type(name, option, text, **filled)}

    async def _menu(self, act: Act) -> JSON:
        name = self._offered(act, kinds={2, 3})
        target = _part(act, "target", dict)
        if "message" in target:
            shown = self._stage.message(act.user, act.channel, str(target["message"]))
            return self._opened(act, await act.visitor.menu(name, shown))
        whom = self._stage.user(str(target.get("user")))
        who = member_or_user(act.channel.guild, whom)
        if not isinstance(who, Member):
            raise CannotSend(f"{whom.name} is no member here.")
        return self._opened(act, await act.visitor.menu(name, who))

    async def _press(self, act: Act) -> JSON:
        message = self._stage.message(act.user, act.channel, str(act.asked.get("message")))
        custom_id = str(act.asked.get("custom_id"))
        return self._opened(act, await act.visitor.press(message, custom_id=custom_id))

    async def _choose(self, act: Act) -> JSON:
        message = self._stage.message(act.user, act.channel, str(act.asked.get("message")))
        values = [self._thing(act, value) for value in _part(act, "values", list)]
        custom_id = str(act.asked.get("custom_id"))
        return self._opened(act, await act.visitor.choose(message, *values, custom_id=custom_id))

    async def _submit(self, act: Act) -> JSON:
        key = str(act.asked.get("key"))
        opener, opened = self._forms.get(key, (None, None))
        if opened is None or opener is not act.user:
            raise LookupError("That form is no longer open.")
        given = _part(act, "values", dict)
        values = {custom_id: self._entered(act, value) for custom_id, value in given.items()}
        reply = await act.visitor.submit_modal(opened, values)
        del self._forms[key]
        return self._opened(act, reply)

    async def _dismiss(self, act: Act) -> JSON:
        message = self._stage.message(act.user, act.channel, str(act.asked.get("message")))
        if not message.ephemeral:
            raise CannotSend("Only a message that nobody else sees can be dismissed.")
        self._stage.dismiss(act.user, message)
        return {}

    def _offered(self, act: Act, *, kinds: set[int]) -> str:
        """Return the command's name, if this user's client would offer it. Raises CannotSend."""
        words = str(act.asked.get("command") or "")
        name = words.partition(" ")[0] if kinds == {1} else words
        for command in self._stage.discord.commands.all(act.channel.guild):
            if command["name"] == name and command["type"] in kinds:
                if visible(command, act.user, act.channel):
                    return words
                raise CannotSend(f"{act.user.name} may not use {words!r} here.")
        raise CannotSend(f"There is no command {words!r}.")

    def _options(self, act: Act) -> dict[str, Any]:
        given = _part(act, "options", dict)
        return {name: self._thing(act, value) for name, value in given.items()}

    def _entered(self, act: Act, value: Any) -> Any:
        if isinstance(value, list):
            return [self._thing(act, one) for one in value]
        return self._thing(act, value)

    def _thing(self, act: Act, value: Any) -> Any:
        """Return what a value stands for: a file, a picture, a user, a channel, a role, itself."""
        if not isinstance(value, dict):
            return value
        for kind, given in value.items():
            if kind == "file":
                return _file(act, given)
            if kind == "photo":
                return photo(str(given))
            if kind == "user":
                return member_or_user(act.channel.guild, self._stage.user(str(given)))
            if kind == "channel":
                return self._stage.channel(act.user, str(given))
            if kind == "role":
                return _role(act.channel, str(given))
        raise CannotSend(f"Nothing is known by {value!r}.")

    def _opened(self, act: Act, reply: Reply) -> JSON:
        if reply.modal is None:
            return {"modal": None}
        key = secrets.token_urlsafe(12)
        self._forms[key] = (act.user, reply)
        while len(self._forms) > _FORMS_KEPT:
            del self._forms[next(iter(self._forms))]
        return {"modal": {"key": key, "modal": reply.modal}}


def _may_write(act: Act) -> bool:
    if act.channel.guild is None:
        return True
    may = act.channel.permissions_of(act.channel.guild.members[act.user.id])
    return bool(may & Permissions.SEND_MESSAGES)


def _part(act: Act, name: str, kind: type[Part]) -> Part:
    """Return what stands under a name, empty where nothing does. Raises CannotSend."""
    given = act.asked.get(name) or kind()
    if not isinstance(given, kind):
        raise CannotSend(f"{name} is a {kind.__name__}, not {given!r}.")
    return given


def _file(act: Act, index: Any) -> Upload:
    found = act.files.get(index) if isinstance(index, int) else None
    if found is None:
        raise CannotSend(f"There is no file {index!r} with this.")
    return found


def _role(channel: Channel, role_id: str) -> Role:
    roles = channel.guild.roles if channel.guild else []
    found = next((role for role in roles if role.id == role_id), None)
    if found is None:
        raise LookupError("That role is gone.")
    return found
