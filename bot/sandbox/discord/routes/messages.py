"""The message routes of channels."""

from bot.sandbox.discord.routes.composer import Composer
from bot.sandbox.discord.routes.rest import (
    Answer,
    ApiError,
    Call,
    FilePart,
    Route,
    form_error,
    need,
)
from bot.sandbox.discord.world import message_payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Message, World

_FORWARD = 1  # of message references
NONCE_LIFE_S = 300.0  # "the past few minutes" (Discord docs, 2026-08)


class Messages:
    """The routes under /channels/{channel}/messages."""

    def __init__(self, world: World, cdn: Cdn, composer: Composer) -> None:
        self._world = world
        self._cdn = cdn
        self._composer = composer

    def routes(self) -> list[Route]:
        """List what is served here."""
        many, one = "/channels/{channel}/messages", "/channels/{channel}/messages/{message}"
        return [
            Route("GET", many, self._list),
            Route("POST", many, self._create),
            Route("GET", one, self._get),
            Route("PATCH", one, self._edit),
            Route("DELETE", one, self._delete),
            Route("POST", "/channels/{channel}/typing", self._typing),
        ]

    def _channel(self, call: Call, *needed: Permissions) -> Channel:
        channel = self._world.channels.get(call.place["channel"])
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        for permission in (Permissions.VIEW_CHANNEL, *needed):
            if channel.bot_permissions & permission:
                continue
            if permission is Permissions.VIEW_CHANNEL:
                raise ApiError(403, 50001, "Missing Access")
            raise ApiError(403, 50013, "Missing Permissions")
        return channel

    def _message(self, channel: Channel, message_id: str) -> Message:
        message = self._world.message(channel, message_id)
        if message is None or message.ephemeral:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _list(self, call: Call) -> Answer:
        channel = self._channel(call)
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            self._composer.refuse(["limit is 1-100"], "list messages")
        if not channel.bot_permissions & Permissions.READ_MESSAGE_HISTORY:
            return 200, []  # Discord answers an empty list here, not an error (docs, 2026-08)
        seen = [m for m in self._world.messages(channel) if not m.ephemeral]
        page = _page(sorted(seen, key=_age), call.query, limit)
        return 200, [message_payloads.message(m, self._cdn) for m in reversed(page)]

    def _get(self, call: Call) -> Answer:
        channel = self._channel(call, Permissions.READ_MESSAGE_HISTORY)
        return 200, message_payloads.message(
            self._message(channel, call.place["message"]), self._cdn
        )

    def _create(self, call: Call) -> Answer:
        files = [Permissions.ATTACH_FILES] if call.files else []
        channel = self._channel(call, *files)
        self._check_may_write(channel)
        if channel.recipient and not channel.recipient.accepts_dms:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        body = need(call.body)
        first = self._repeated(channel, body)
        if first:
            return 200, message_payloads.message(first, self._cdn)
        now, author = self._world.now(), self._world.bot
        message = Message(self._world.snowflake(), channel, author, now, nonce=body.get("nonce"))
        self._refer(message, body.get("message_reference"))
        self._composer.apply(message, body, call.files, "create message")
        return 200, message_payloads.message(self._world.post(message), self._cdn)

    def _check_may_write(self, channel: Channel) -> None:
        in_thread, elsewhere = Permissions.SEND_MESSAGES_IN_THREADS, Permissions.SEND_MESSAGES
        if not channel.bot_permissions & (in_thread if channel.parent else elsewhere):
            raise ApiError(403, 50013, "Missing Permissions")

    def _repeated(self, channel: Channel, body: JSON) -> Message | None:
        nonce = body.get("nonce")
        if nonce is not None and len(str(nonce)) > 25:
            self._composer.refuse(["a nonce has at most 25 characters"], "create message")
        if nonce is None or not body.get("enforce_nonce"):
            return None
        since = self._world.now() - NONCE_LIFE_S
        sent = self._world.messages(channel)
        return next((m for m in sent if m.nonce == nonce and m.created_at >= since), None)

    def _refer(self, message: Message, asked: JSON | None) -> None:
        if asked is None:
            return
        if asked.get("type") == _FORWARD:
            message.forwards = self._original(message, asked)
            return
        if not message.channel.bot_permissions & Permissions.READ_MESSAGE_HISTORY:
            text = "Cannot reply without permission to read message history"
            raise ApiError(400, 160002, text)
        target = self._world.message(message.channel, str(asked["message_id"]))
        if target is not None and not target.ephemeral:
            message.reference, message.type = target, 19
        elif asked.get("fail_if_not_exists", True):
            raise form_error(["message_reference: Unknown message"])

    def _original(self, message: Message, asked: JSON) -> Message:
        """Find the message to forward, which the bot must be able to read (docs, 2026-08)."""
        channel = self._world.channels.get(str(asked.get("channel_id")), message.channel)
        target = self._world.message(channel, str(asked["message_id"]))
        if target is None or target.ephemeral:
            raise form_error(["message_reference: Unknown message"])
        return target

    def _edit(self, call: Call) -> Answer:
        files = [Permissions.ATTACH_FILES] if call.files else []
        channel = self._channel(call, *files)
        message = self._message(channel, call.place["message"])
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        self.edit(message, need(call.body), call.files, "edit message")
        return 200, message_payloads.message(message, self._cdn)

    def edit(self, message: Message, body: JSON, files: dict[int, FilePart], doing: str) -> None:
        """Change a message that stands already; raises what `Composer.apply` raises."""
        self._composer.apply(message, body, files, doing)
        message.edited_at = self._world.now()
        self._world.announce("message edited", message)

    def _delete(self, call: Call) -> Answer:
        channel = self._channel(call)
        message = self._message(channel, call.place["message"])
        if message.author is not self._world.bot:
            self._channel(call, Permissions.MANAGE_MESSAGES)
        self._world.delete(message)
        return 204, None

    def _typing(self, call: Call) -> Answer:
        self._world.announce("typing", self._channel(call, Permissions.SEND_MESSAGES))
        return 204, None


def _age(message: Message) -> int:
    return int(message.id)


def _page(messages: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    """Take the page of a history, oldest first, that before, after or around ask for."""
    if "after" in query:
        return [m for m in messages if _age(m) > int(query["after"])][:limit]
    if "before" in query:
        return [m for m in messages if _age(m) < int(query["before"])][-limit:]
    if "around" not in query:
        return messages[-limit:]
    middle = int(query["around"])
    nearest = sorted(messages, key=lambda m: abs(_age(m) - middle))
    return sorted(nearest[:limit], key=_age)
