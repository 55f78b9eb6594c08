"""What the page shows: the local Discord, who one may be in it, and the words around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Guild, Member, Message

Kind = Literal["member", "moderator", "stranger"]
State = Literal["up", "starting", "stopping", "stopped"]


@dataclass(frozen=True)
class Person:
    """Somebody the visitor may be; `about` says in one sentence why one would."""

    user: User
    kind: Kind
    about: str


@dataclass(frozen=True)
class BotState:
    """Whether the bot is there, and in one sentence why it is not."""

    state: State
    why: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether it takes nothing more."""
        return self.state in {"stopping", "stopped"}


@dataclass
class Stage:
    """Everything the page's routes work on; `state` tells how the bot is at this moment."""

    discord: DiscordSandbox
    people: list[Person]
    home: Channel
    line: str
    state: Callable[[], BotState]
    examples: list[JSON] = field(default_factory=list)
    dismissed: set[tuple[str, str]] = field(default_factory=set)  # user id, message id
    has_visitor: bool = False

    def let_in(self) -> None:
        """Note that a browser follows what happens."""
        if not self.has_visitor:
            self.has_visitor = True
            self.discord.world.announce("visitor let in", self)

    def user(self, user_id: str) -> User:
        """Return an account. Raises LookupError with a sentence."""
        found = self.discord.world.users.get(user_id)
        if found is None:
            raise LookupError(f"Nobody here has the id {user_id!r}.")
        return found

    def person(self, user_id: str) -> User:
        """Return somebody the visitor may be. Raises LookupError with a sentence."""
        user = self.user(user_id)
        if all(one.user is not user for one in self.people):
            raise LookupError(f"Nobody here can be {user.name}.")
        return user

    def channel(self, user: User, channel_id: str) -> Channel:
        """Return a channel this user may look into; "@me" are the direct messages.

        Raises LookupError with a sentence.
        """
        world = self.discord.world
        found = (
            world.direct_channel(user) if channel_id == "@me" else world.channels.get(channel_id)
        )
        if found is None:
            raise LookupError("That channel is gone.")
        if found.guild and user.id in found.guild.members and not may_look(user, found):
            raise LookupError(f"#{found.name} is closed to {user.name}.")
        if not may_look(user, found):
            raise LookupError(f"{user.name} is no member of that server.")
        return found

    def sees(self, user: User, message: Message) -> bool:
        """Whether this user has the message before them."""
        is_own = message.recipient in (None, user) and may_look(user, message.channel)
        return is_own and (user.id, message.id) not in self.dismissed

    def message(self, user: User, channel: Channel, message_id: str) -> Message:
        """Return a message this user sees. Raises LookupError with a sentence."""
        found = self.discord.world.message(channel, message_id)
        if found is None or not self.sees(user, found):
            raise LookupError("That message is gone.")
        return found

    def dismiss(self, user: User, message: Message) -> None:
        """Take an ephemeral message out of this user's sight."""
        self.dismissed.add((user.id, message.id))
        self.discord.world.announce("message dismissed", (user, message))


def may_look(user: User, channel: Channel) -> bool:
    """Whether a channel is one of this user's: open to them as a member, or their own."""
    if channel.guild is None:
        return channel.recipient is user
    member = channel.guild.members.get(user.id)
    return bool(member and channel.permissions_of(member) & Permissions.VIEW_CHANNEL)


def member_or_user(guild: Guild | None, user: User) -> Member | User:
    """Return a user as the member they are here, or as the account alone."""
    return (guild.members.get(user.id) if guild else None) or user


def photos() -> list[Traversable]:
    """Return the shipped pictures one may attach."""
    folder = files("bot.sandbox").joinpath("photos")
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".jpg")), key=lambda f: f.name
    )


def photo(name: str) -> Upload:
    """Return a shipped picture. Raises LookupError with a sentence."""
    for file in photos():
        if file.name == name:
            return Upload(name, file.read_bytes())
    raise LookupError(f"No picture named {name!r} is shipped.")
