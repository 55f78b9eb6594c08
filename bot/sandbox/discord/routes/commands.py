"""Application commands: the bot's sync, and what a client can send for a synced command."""

from dataclasses import dataclass

from bot.sandbox.discord.routes.rest import Answer, ApiError, Call, Route, form_error
from bot.sandbox.discord.world.breaches import command_breaches
from bot.sandbox.discord.world.faults import Faults
from bot.sandbox.discord.world.forms import CannotSend
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.permissions import ALL, Permissions
from bot.sandbox.discord.world.world import Channel, Guild, World

SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
IN_GUILD, IN_BOT_DM = 0, 1  # contexts (Discord docs, 2026-08)


@dataclass(frozen=True)
class Found:
    """A command, its sub-command names, and the options of its innermost part."""

    command: JSON
    path: tuple[str, ...]
    options: list[JSON]


class Commands:
    """The commands as last synced, global ones and those of single servers."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._sets: dict[str | None, list[JSON]] = {}

    def routes(self) -> list[Route]:
        """List what is served here."""
        everywhere = "/applications/{app}/commands"
        guild = "/applications/{app}/guilds/{guild}/commands"
        return [
            Route(method, template, handler)
            for template in (everywhere, guild)
            for method, handler in (("GET", self._list), ("PUT", self._sync))
        ]

    def all(self, guild: Guild | None) -> list[JSON]:
        """List what a member sees in a server; in direct messages only the global ones."""
        return self._sets.get(None, []) + (self._sets.get(guild.id, []) if guild else [])

    def find(self, words: str, guild: Guild | None, kind: int = 1) -> Found:
        """Find a synced command by name, sub-commands as "quota show". Raises CannotSend."""
        for command in self.all(guild):
            if command["type"] != kind:
                continue
            if kind != 1 and command["name"] == words:
                return Found(command, (), [])
            name, *path = words.split()
            if kind == 1 and command["name"] == name:
                return Found(command, tuple(path), _descend(command, path))
        raise CannotSend(f"there is no command {words!r}")

    def _scope(self, call: Call) -> str | None:
        if call.place["app"] != self._world.bot.id:
            raise ApiError(403, 20012, "You are not authorized to perform this action")
        guild = call.place.get("guild")
        if guild is not None and guild not in self._world.guilds:
            raise ApiError(403, 50001, "Missing Access")
        return guild

    def _list(self, call: Call) -> Answer:
        return 200, self._sets.get(self._scope(call), [])

    def _sync(self, call: Call) -> Answer:
        scope = self._scope(call)
        breaches = list(command_breaches(call.body))
        self._faults += [f"command sync: {breach}" for breach in breaches]
        if breaches:
            raise form_error(breaches)
        old = {(c["type"], c["name"]): c["id"] for c in self._sets.get(scope, [])}
        self._sets[scope] = [self._stored(command, scope, old) for command in call.body]
        self._world.announce("commands synced", self._sets[scope])
        return 200, self._sets[scope]

    def _stored(self, command: JSON, scope: str | None, old: dict[tuple[int, str], str]) -> JSON:
        kind = command.get("type") or 1
        place = {"guild_id": scope} if scope else {}
        return {
            "default_member_permissions": None,
            "description": "",
            "nsfw": False,
            **{key: value for key, value in command.items() if value is not None},
            **place,
            "type": kind,
            "id": old.get((kind, command["name"])) or self._world.snowflake(),
            "application_id": self._world.bot.id,
            "version": self._world.snowflake(),
        }


def visible(command: JSON, user: User, channel: Channel) -> bool:
    """Whether a client offers a command to this user there (Discord docs, 2026-08)."""
    contexts = command.get("contexts")
    if contexts is not None and (IN_GUILD if channel.guild else IN_BOT_DM) not in contexts:
        return False
    if channel.guild is None:
        return command.get("dm_permission", True) is not False
    needed = command.get("default_member_permissions")
    may = channel.permissions_of(channel.guild.members[user.id])
    if needed is None or may == ALL:
        return True
    return int(needed) != 0 and Permissions(int(needed)) & ~may == 0


def _descend(command: JSON, path: list[str]) -> list[JSON]:
    """Find the options at the end of a sub-command path. Raises CannotSend."""
    options: list[JSON] = command.get("options") or []
    for name in path:
        inner = next((o for o in options if o["name"] == name), None)
        if inner is None or inner["type"] not in (SUB_COMMAND, SUB_COMMAND_GROUP):
            raise CannotSend(f"/{command['name']} has no sub-command {name!r}")
        options = inner.get("options") or []
    if any(o["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP) for o in options):
        raise CannotSend(f"/{command['name']} needs a sub-command")
    return options


def nest(path: tuple[str, ...], options: list[JSON]) -> list[JSON]:
    """Put options inside their sub-command and sub-command group."""
    for depth, name in enumerate(reversed(path)):
        kind = SUB_COMMAND if depth == 0 else SUB_COMMAND_GROUP
        options = [{"name": name, "type": kind, "options": options}]
    return options
