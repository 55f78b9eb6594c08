"""What of the local Discord a browser is shown, in Discord's own JSON as far as there is one."""

from typing import Final

from bot.sandbox.discord.routes.commands import visible
from bot.sandbox.discord.world import message_payloads
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Guild, Message
from bot.sandbox.page.stage import Stage, may_look, photos

LOCALES: Final = (
    "en-US", "en-GB", "da", "de", "es-ES", "es-419", "fr", "hr", "id", "it", "lt", "hu", "nl", "no",
    "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
)  # fmt: skip  # what a client may be set to (Discord docs, 2026-08)


def scene(stage: Stage) -> JSON:
    """Show where one is: people, servers, examples, and how the bot is."""
    bot, state = stage.discord.world.bot, stage.state()
    return {
        "now": stage.discord.world.now(),
        "line": stage.line,
        "home": stage.home.id,
        "bot": {
            "id": bot.id,
            "username": bot.name,
            "online": state.state == "up",
            "state": state.state,
            "why": state.why,
        },
        "people": [
            {
                "id": one.user.id,
                "username": one.user.name,
                "kind": one.kind,
                "about": one.about,
            }
            for one in stage.people
        ],
        "guilds": [_guild(guild) for guild in stage.discord.world.guilds.values()],
        "examples": stage.examples,
        "photos": [{"name": f.name, "url": f"/page/photos/{f.name}"} for f in photos()],
        "locales": list(LOCALES),
    }


def _guild(guild: Guild) -> JSON:
    channels = [c for c in guild.world.channels.values() if c.guild is guild]
    return {
        "id": guild.id,
        "name": guild.name,
        "channels": [
            {
                "id": channel.id,
                "name": channel.name,
                "type": channel.kind,
                "parent_id": channel.parent.id if channel.parent else None,
                "seen_by": _seen_by(guild, channel),
            }
            for channel in channels
        ],
        "members": [
            {
                "id": member.id,
                "username": member.user.name,
                "bot": member.user.bot,
                "roles": [role.id for role in member.roles],
                "moderator": bool(member.permissions & Permissions.MANAGE_GUILD),
            }
            for member in guild.members.values()
        ],
        "roles": [{"id": role.id, "name": role.name} for role in guild.roles],
        "emojis": [{"id": one.id, "name": one.name} for one in guild.emojis],
    }


def _seen_by(guild: Guild, channel: Channel) -> list[str] | None:
    """Name the members it is open to; None where that is everybody."""
    seen = [one.id for one in guild.members.values() if may_look(one.user, channel)]
    return None if len(seen) == len(guild.members) else seen


def commands(stage: Stage, user: User, channel: Channel) -> list[JSON]:
    """Show the commands that this user may use there."""
    offered = stage.discord.commands.all(channel.guild)
    return [command for command in offered if visible(command, user, channel)]


def message(stage: Stage, shown: Message) -> JSON:
    """Show a message; `ephemeral_to` is the id of who alone sees it, `command` what it answers."""
    return message_payloads.message(shown, stage.discord.cdn) | {
        "ephemeral_to": shown.recipient.id if shown.recipient else None,
        "command": shown.command or None,
        "command_type": shown.command_type,
    }


def history(stage: Stage, user: User, channel: Channel, *, before: int | None, limit: int) -> JSON:
    """Show the newest messages below an id, oldest first, and whether there are older ones."""
    seen = [m for m in stage.discord.world.messages(channel) if stage.sees(user, m)]
    if before is not None:
        seen = [m for m in seen if int(m.id) < before]
    return {
        "messages": [message(stage, m) for m in seen[-limit:]],
        "more": len(seen) > limit,
    }
