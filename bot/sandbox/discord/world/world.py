"""Who and what exists in the local Discord."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.sandbox.discord.world import numbers
from bot.sandbox.discord.world.message import (
    EPHEMERAL,
    LOADING,
    Attachment,
    Button,
    buttons_of,
    readable,
)
from bot.sandbox.discord.world.news import News
from bot.sandbox.discord.world.people import JSON, Emoji, Role, User
from bot.sandbox.discord.world.permissions import (
    ALL,
    EVERYONE,
    NOTHING,
    Overwrite,
    Permissions,
    overwritten,
    permission_bits,
)


@dataclass(eq=False)
class Member:
    """A user in a server, with permissions of their own beside those of their roles."""

    user: User
    guild: "Guild"
    own: Permissions
    roles: tuple[Role, ...]
    joined_at: float

    @property
    def id(self) -> str:
        """The user's id."""
        return self.user.id

    @property
    def permissions(self) -> Permissions:
        """What this member may do in the server's channels; ADMINISTRATOR means everything."""
        bits = self.guild.everyone.permissions | self.own
        for role in self.roles:
            bits |= role.permissions
        return ALL if bits & Permissions.ADMINISTRATOR else bits

    def closes_dms(self) -> None:
        """From now on the bot's direct messages to this user fail with 50007."""
        self.user.accepts_dms = False


@dataclass(eq=False)
class Channel:
    """A channel of a server, a thread below `parent`, or (guild None) a user's direct messages."""

    id: str
    name: str
    world: "World" = field(repr=False)
    guild: "Guild | None" = None
    recipient: User | None = None
    revoked: Permissions = NOTHING
    kind: int = numbers.TEXT
    parent: "Channel | None" = None
    locked: bool = False
    overwrites: dict[str, Overwrite] = field(default_factory=dict, repr=False)  # by role or user

    @property
    def bot_permissions(self) -> Permissions:
        """What the bot may do here; it was invited into no private thread."""
        if self.parent:
            return NOTHING if self.kind == numbers.PRIVATE_THREAD else self.parent.bot_permissions
        bits = self.permissions_of(self.guild.bot_member) if self.guild else EVERYONE
        return bits & ~self.revoked

    def permissions_of(self, member: Member) -> Permissions:
        """Return what a member may do in this channel of their server."""
        if self.parent:
            return self.parent.permissions_of(member)
        order = [[member.guild.id], [role.id for role in member.roles], [member.id]]
        return overwritten(member.permissions, self.overwrites, order)

    def close_to_all_but(self, *welcome: "Role | Member") -> None:
        """Let nobody look in but these roles and members."""
        everyone, view = self.guild.id if self.guild else "", Permissions.VIEW_CHANNEL
        let_in = {each.id: Overwrite(allow=view) for each in welcome}
        self.overwrites = {everyone: Overwrite(deny=view)} | let_in
        self.world.announce("channel updated", self)

    def revoke(self, *names: str) -> None:
        """Take permissions of the bot away in this channel, e.g. "ATTACH_FILES"."""
        self.revoked |= permission_bits(names)
        self.world.announce("channel updated", self)

    def grant(self, *names: str) -> None:
        """Give back what `revoke` took."""
        self.revoked &= ~permission_bits(names)
        self.world.announce("channel updated", self)

    def delete(self) -> None:
        """Remove this channel of a server; the bot's calls to it fail with 10003."""
        del self.world.channels[self.id]
        if self.guild:
            self.guild.channels.remove(self)
        self.world.announce("channel deleted", self)


@dataclass(eq=False)
class Guild:
    """A server; the bot is a member of it from the start."""

    id: str
    name: str
    world: "World" = field(repr=False)
    locale: str = "en-US"
    premium_tier: int = 0
    attachment_size_limit: int = numbers.UPLOAD_LIMITS[0]
    roles: list[Role] = field(default_factory=list, repr=False)
    channels: list[Channel] = field(default_factory=list, repr=False)
    members: dict[str, Member] = field(default_factory=dict, repr=False)
    emojis: list[Emoji] = field(default_factory=list, repr=False)

    @property
    def everyone(self) -> Role:
        """The role everybody has."""
        return self.roles[0]

    @property
    def bot_member(self) -> Member:
        """The bot as a member."""
        return self.members[self.world.bot.id]

    def add_channel(self, name: str, kind: int = numbers.TEXT) -> Channel:
        """Open a channel of this server and announce it to the gateway."""
        channel = Channel(self.world.snowflake(), name, self.world, guild=self, kind=kind)
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        self.world.announce("channel created", channel)
        return channel

    def add_thread(
        self, parent: Channel, name: str, kind: int = numbers.PUBLIC_THREAD, *, locked: bool = False
    ) -> Channel:
        """Open a thread; the bot does not hear of it, as of one that was archived."""
        world = self.world
        thread = Channel(world.snowflake(), name, world, self, kind=kind, parent=parent)
        thread.locked = locked
        world.channels[thread.id] = thread
        return thread

    def add_role(self, name: str, *, permissions: Iterable[str] | int = ()) -> Role:
        """Make a role above the others and announce it; nobody has it yet."""
        role = Role(self.world.snowflake(), name, permission_bits(permissions))
        self.roles.append(role)
        self.world.announce("role created", (self, role))
        return role

    def add_emoji(self, name: str, draw: Callable[[], bytes]) -> None:
        """Give the server an emoji of its own; `draw` makes its WebP when it is first shown."""
        self.emojis.append(Emoji(self.world.snowflake(), name, draw))

    def add_member(
        self,
        who: str | User,
        *,
        permissions: Iterable[str] | int = (),
        roles: Iterable[Role] = (),
    ) -> Member:
        """Let somebody in, by a new name or as a user known from another server.

        `permissions` are names or bits beside those of @everyone.
        """
        user = self.world.add_user(who) if isinstance(who, str) else who
        own, joined_at = permission_bits(permissions), self.world.now()
        self.members[user.id] = Member(user, self, own, tuple(roles), joined_at)
        return self.members[user.id]

    def member(self, name: str) -> Member | None:
        """Return who has that user name here, None for nobody."""
        return next((m for m in self.members.values() if m.user.name == name), None)


@dataclass(eq=False)
class Message:
    """A message as it is now: edits change this very object."""

    id: str
    channel: Channel = field(repr=False)
    author: User
    created_at: float
    content: str = ""
    flags: int = 0
    type: int = 0
    components: list[JSON] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[JSON] = field(default_factory=list)
    edited_at: float | None = None
    recipient: User | None = None  # who alone sees it, when ephemeral
    mentions: list[str] = field(default_factory=list)  # user ids it pings
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    nonce: str | int | None = None
    reference: "Message | None" = None
    forwards: "Message | None" = None
    interaction: JSON | None = field(default=None, repr=False)
    command: str = ""  # what it answers, e.g. "quota show" or a menu's "Restyle image"
    command_type: int = 1  # 1 has a slash; of a member's menu 2, of a message's 3
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only one member sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it is the "thinking" of a defer."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything readable: content, embed titles and bodies, text displays, a line each."""
        return readable(self.content, self.embeds, self.components)

    @property
    def buttons(self) -> list[Button]:
        """The buttons, from top to bottom."""
        return buttons_of(self.components)


class World(News):
    """Everything that exists. `now` gives unix seconds; all ids are real snowflakes (strings)."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self.now = now
        self._last_id = 0
        self.bot = User(self.snowflake(), "Easel", bot=True)
        self.owner = User(self.snowflake(), "Operator")
        self.users = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self._messages: dict[str, dict[str, Message]] = {}

    def snowflake(self) -> str:
        """Make a new id: milliseconds since Discord's epoch above 22 bits, always increasing."""
        timed = (int(self.now() * 1000) - numbers.EPOCH_MS) << 22
        self._last_id = max(timed, self._last_id + 1)
        return str(self._last_id)

    def add_user(self, name: str) -> User:
        """Open an account."""
        user = User(self.snowflake(), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str = "en-US", premium_tier: int = 0) -> Guild:
        """Found a server with the bot in it; `premium_tier` 0-3 sets its upload limit."""
        guild = Guild(self.snowflake(), name, self, locale, premium_tier)
        guild.attachment_size_limit = numbers.UPLOAD_LIMITS[premium_tier]
        guild.roles.append(Role(guild.id, "@everyone", EVERYONE))
        guild.add_member(self.bot)
        self.guilds[guild.id] = guild
        self.announce("guild created", guild)
        return guild

    def direct_channel(self, user: User) -> Channel:
        """Find the direct messages with a user, opened when first asked for."""
        found = (c for c in self.channels.values() if c.recipient is user)
        channel = next(found, None) or Channel(self.snowflake(), user.name, self, recipient=user)
        return self.channels.setdefault(channel.id, channel)

    def messages(self, channel: Channel) -> list[Message]:
        """List what stands in a channel, oldest first, ephemeral messages included."""
        return list(self._messages.get(channel.id, {}).values())

    def message(self, channel: Channel, message_id: str) -> Message | None:
        """Return a message of a channel as it is now, None where it is deleted or never was."""
        return self._messages.get(channel.id, {}).get(message_id)

    def direct_messages(self, user: User | Member) -> list[Message]:
        """List what the bot wrote to a user, oldest first."""
        account = user.user if isinstance(user, Member) else user
        return self.messages(self.direct_channel(account))

    def post(self, message: Message) -> Message:
        """Put a new message into its channel."""
        self._messages.setdefault(message.channel.id, {})[message.id] = message
        self.announce("message created", message)
        return message

    def delete(self, message: Message) -> None:
        """Take a message away."""
        self._messages[message.channel.id].pop(message.id, None)
        message.deleted = True
        self.announce("message deleted", message)
