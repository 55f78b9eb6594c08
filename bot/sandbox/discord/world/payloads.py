"""The JSON in which Discord shows its objects (Discord docs and OpenAPI preview, 2026-08)."""

from datetime import UTC, datetime

from bot.sandbox.discord.world.numbers import VOICE
from bot.sandbox.discord.world.people import JSON, Emoji, Role, User
from bot.sandbox.discord.world.permissions import EVERYONE, IN_DIRECT_MESSAGES, Overwrite
from bot.sandbox.discord.world.world import Channel, Guild, Member, World

VOICE_FIELDS = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None, "video_quality_mode": 1}
GUILD_NULLS = (
    "icon description home_header splash discovery_splash banner application_id afk_channel_id "
    "system_channel_id widget_channel_id max_presences vanity_url_code rules_channel_id "
    "safety_alerts_channel_id public_updates_channel_id incidents_data"
)
GUILD_ZEROS = (
    "system_channel_flags verification_level default_message_notifications "
    "mfa_level explicit_content_filter max_stage_video_channel_users "
    "max_video_channel_users premium_subscription_count nsfw_level"
)
GUILD_LISTS = "threads voice_states presences stage_instances guild_scheduled_events"


def timestamp(seconds: float) -> str:
    """Unix seconds as Discord writes times."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def user(who: User) -> JSON:
    """Return a user as the API's user object."""
    return {
        "id": who.id,
        "username": who.name,
        "global_name": None if who.bot else who.name,
        "discriminator": "0",
        "avatar": None,
        "bot": who.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def application(world: World) -> JSON:
    """Show the bot's application; its id is the bot user's."""
    return {
        "id": world.bot.id,
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def role(shown: Role, position: int) -> JSON:
    """Return a role as the API's role object; `position` counts from @everyone's 0."""
    of_app = {"tags": {"bot_id": shown.bot_id}} if shown.bot_id else {}
    return of_app | {
        "id": shown.id,
        "name": shown.name,
        "permissions": str(int(shown.permissions)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bool(of_app),
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def emoji(shown: Emoji) -> JSON:
    """Return a server's own emoji as the API's emoji object."""
    flags = {"require_colons": True, "managed": False, "animated": False, "available": True}
    return {"id": shown.id, "name": shown.name, "roles": [], **flags}


def member(who: Member) -> JSON:
    """Show a member without its user."""
    return {
        "avatar": None,
        "banner": None,
        "nick": None,
        "roles": [r.id for r in who.roles],
        "joined_at": timestamp(who.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def channel(place: Channel) -> JSON:
    """Show a channel with its overwrites, a thread, or a direct message."""
    if place.guild is None:
        recipients = [user(place.recipient)] if place.recipient else []
        return {"id": place.id, "type": 1, "flags": 0, "recipients": recipients}
    if place.parent is not None:
        return thread(place, place.parent)
    return (VOICE_FIELDS if place.kind == VOICE else {"topic": None}) | {
        "id": place.id,
        "type": place.kind,
        "flags": 0,
        "guild_id": place.guild.id,
        "parent_id": None,
        "name": place.name,
        "position": 0,
        "last_message_id": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "permission_overwrites": _overwrites(place, place.guild),
    }


def _overwrites(place: Channel, guild: Guild) -> list[JSON]:
    """Show those of roles (0) and members (1); one of the bot is always among them."""
    bot, roles = place.world.bot.id, {shown.id for shown in guild.roles}
    own = place.overwrites.get(bot, Overwrite())
    there = place.overwrites | {bot: Overwrite(own.allow, own.deny | place.revoked)}
    return [
        {
            "id": whose,
            "type": 0 if whose in roles else 1,
            "allow": str(int(each.allow)),
            "deny": str(int(each.deny)),
        }
        for whose, each in there.items()
    ]


def thread(place: Channel, parent: Channel) -> JSON:
    """Show a thread as a command's option does."""
    since = timestamp(place.world.now())
    life = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": since}
    return {
        "id": place.id,
        "type": place.kind,
        "parent_id": parent.id,
        "name": place.name,
        "owner_id": place.world.owner.id,
        "member_count": 1,
        "message_count": 0,
        "thread_metadata": life | {"locked": place.locked},
    }


def guild(place: Guild) -> JSON:
    """Show a guild as GET /guilds/{id} does."""
    return {
        **dict.fromkeys(GUILD_NULLS.split()),
        **dict.fromkeys(GUILD_ZEROS.split(), 0),
        "id": place.id,
        "name": place.name,
        "features": [],
        "owner_id": place.world.owner.id,
        "region": "deprecated",
        "widget_enabled": False,
        "roles": [role(r, i) for i, r in enumerate(place.roles)],
        "afk_timeout": 300,
        "max_members": 500_000,
        "premium_tier": place.premium_tier,
        "preferred_locale": place.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "emojis": [emoji(one) for one in place.emojis],
        "stickers": [],
    }


def guild_create(place: Guild) -> JSON:
    """Show a GUILD_CREATE: the guild, its channels, and of its members the bot alone."""
    own = member(place.bot_member) | {"user": user(place.world.bot)}
    return {
        **guild(place),
        **{key: [] for key in GUILD_LISTS.split()},
        "joined_at": timestamp(place.bot_member.joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(place.members),
        "members": [own],
        "channels": [channel(c) for c in place.channels],
    }


def resolved_member(who: Member) -> JSON:
    """Show a member with permissions, as interactions do."""
    return member(who) | {"permissions": str(int(who.permissions))}


def actor(who: User, place: Channel) -> JSON:
    """Show who acts where in an interaction, and what the app may do there."""
    acting = place.guild.members[who.id] if place.guild else None
    may = place.permissions_of(acting) if acting else EVERYONE
    allowed = str(int(may))
    shown: JSON = {
        "channel_id": place.id,
        "channel": channel(place) | {"permissions": allowed},
        "app_permissions": str(int(place.bot_permissions if place.guild else IN_DIRECT_MESSAGES)),
    }
    if place.guild is None or acting is None:
        owners = {"0": "0"}  # what Discord writes for a bot's own direct messages
        return shown | {"user": user(who), "context": 1, "authorizing_integration_owners": owners}
    return shown | {
        "guild_id": place.guild.id,
        "guild": {"id": place.guild.id, "locale": place.guild.locale, "features": []},
        "guild_locale": place.guild.locale,
        "member": member(acting) | {"permissions": allowed, "user": user(who)},
        "context": 0,
        "authorizing_integration_owners": {"0": place.guild.id},
    }
