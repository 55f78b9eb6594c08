"""Messages of channels: turning a request body into a message, and the channel message routes."""

import re
from collections.abc import Iterable
from copy import deepcopy

from bot.sandbox.discord.routes.rest import (
    Answer,
    ApiError,
    Call,
    FilePart,
    Route,
    form_error,
    need,
)
from bot.sandbox.discord.world import payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.faults import (
    Faults,
    loose_mentions,
    media_urls,
    message_breaches,
    shown_names,
)
from bot.sandbox.discord.world.message import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Attachment,
    numbered,
    walk,
)
from bot.sandbox.discord.world.people import JSON, MIB, UPLOAD_LIMITS
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Message, World

REQUEST_LIMIT = 25 * MIB  # of all files of one request (Discord docs, 2026-08)
NONCE_LIFE_S = 300.0  # "the past few minutes" (Discord docs, 2026-08)
KEPT_FLAGS = EPHEMERAL | COMPONENTS_V2
SENT_FLAGS = 1 << 2 | 1 << 12 | COMPONENTS_V2  # suppress embeds, suppress notifications


def upload_limit(channel: Channel) -> int:
    """Bytes one uploaded file may have in a channel: the server's limit, 10 MiB in DMs."""
    return channel.guild.attachment_size_limit if channel.guild else UPLOAD_LIMITS[0]


class Composer:
    """Applies request bodies to messages and notes what the bot did wrong in them."""

    def __init__(self, world: World, cdn: Cdn, faults: Faults) -> None:
        self._world = world
        self._cdn = cdn
        self._faults = faults

    def refuse(self, breaches: Iterable[str], doing: str) -> None:
        """Record breaches as faults and raise the 400 for them, if there are any."""
        found = list(breaches)
        self._faults += [f"{doing}: {breach}" for breach in found]
        if found:
            raise form_error(found)

    def apply(self, message: Message, body: JSON, files: dict[int, FilePart], doing: str) -> None:
        """Change a message as a body says; what the body leaves out stays as it is.

        Raises ApiError 50035 (breaks a rule), 40005 (file too large), 50006 (nothing left).
        """
        self._check_sizes(message, files, doing)
        content = body.get("content", message.content) or ""
        embeds = body.get("embeds", message.embeds) or []
        components = body.get("components", message.components) or []
        flags = self._flags(message, body, doing)
        kept, new = _plan_files(message, body, files)
        names = [a.filename for a in kept] + [str(entry["filename"]) for entry, _ in new]
        breaches = message_breaches(
            content=content, embeds=embeds, components=components, flags=flags, filenames=names
        )
        texts = [str(entry.get("description") or "") for entry, _ in new]
        self.refuse([*breaches, *_long_alt_texts(texts)], doing)
        if not (content or embeds or components or names):
            raise ApiError(400, 50006, "Cannot send an empty message")
        stored = [self._store(message.channel, entry, part) for entry, part in new]
        message.content, message.embeds, message.flags = content, embeds, flags
        message.components = numbered(deepcopy(components))
        message.attachments = kept + stored
        self._note_strays(body, files, kept, doing)
        self._note_unseen(message, doing)
        self._mention(message, body, doing)

    def _check_sizes(self, message: Message, files: dict[int, FilePart], doing: str) -> None:
        limit = upload_limit(message.channel)
        sizes = [len(part.data) for part in files.values()]
        if max(sizes, default=0) <= limit and sum(sizes) <= max(limit, REQUEST_LIMIT):
            return
        self._faults.append(f"{doing}: files of {sizes} bytes where {limit} bytes are allowed")
        raise ApiError(413, 40005, "Request entity too large")

    def _flags(self, message: Message, body: JSON, doing: str) -> int:
        asked = body.get("flags")
        if asked is None:
            return message.flags & ~LOADING
        if message.flags & COMPONENTS_V2 and not asked & COMPONENTS_V2:
            self.refuse(["the Components V2 flag cannot be removed"], doing)
        return message.flags & KEPT_FLAGS | int(asked) & SENT_FLAGS

    def _store(self, channel: Channel, entry: JSON, part: FilePart) -> Attachment:
        name, text = str(entry["filename"]), entry.get("description")
        return self._cdn.store(channel.id, name, part.data, description=text)

    def _note_strays(
        self, body: JSON, files: dict[int, FilePart], kept: list[Attachment], doing: str
    ) -> None:
        known = {a.id for a in kept} | {str(index) for index in files}
        for entry in body.get("attachments") or ():
            if str(entry["id"]) not in known:
                self._faults.append(f"{doing}: attachment {entry['id']} is neither kept nor sent")

    def _note_unseen(self, message: Message, doing: str) -> None:
        if not message.flags & COMPONENTS_V2:
            return
        parts = list(walk(message.components))
        shown = shown_names(parts)
        linked = [self._cdn.find(url) for url in media_urls(parts)]
        for attachment in message.attachments:
            if attachment.filename not in shown and attachment not in linked:
                self._faults.append(f"{doing}: no component shows {attachment.filename}")

    def _mention(self, message: Message, body: JSON, doing: str) -> None:
        if not body.keys() & {"content", "components", "message_reference"}:
            return
        allowed = body.get("allowed_mentions")
        loose = loose_mentions(message.content, message.components, allowed)
        if message.reference and not message.reference.author.bot and allowed is None:
            loose.append("the author of the message replied to")
        self._faults += [f"{doing}: would ping {mention}" for mention in loose]
        rules = {"parse": ["users", "roles", "everyone"]} if allowed is None else allowed
        text = message.text
        users = set(re.findall(r"<@!?(\d+)>", text)) & self._world.users.keys()
        roles = set(re.findall(r"<@&(\d+)>", text))
        message.mentions = _pinged(users, "users", rules)
        message.mention_roles = _pinged(roles, "roles", rules)
        everyone = "everyone" in (rules.get("parse") or ())
        message.mention_everyone = everyone and bool(re.search("@everyone|@here", text))


def _pinged(ids: set[str], kind: str, rules: JSON) -> list[str]:
    """Which of the mentioned ids `allowed_mentions` lets through."""
    if kind in (rules.get("parse") or ()):
        return sorted(ids)
    return sorted(ids & {str(i) for i in rules.get(kind) or ()})


def _long_alt_texts(texts: list[str]) -> list[str]:
    return ["alt text of more than 1024 characters" for text in texts if len(text) > 1024]


def _plan_files(
    message: Message, body: JSON, files: dict[int, FilePart]
) -> tuple[list[Attachment], list[tuple[JSON, FilePart]]]:
    """Tell what stays of a message's files, and the new ones with their entries in the body."""
    entries = body.get("attachments")
    if entries is None:
        entries = [{"id": a.id} for a in message.attachments]
    by_id = {str(entry["id"]): entry for entry in entries}
    kept = [a for a in message.attachments if a.id in by_id]
    new = []
    for index, part in files.items():
        entry = by_id.get(str(index)) or {}
        new.append(({"filename": part.filename, **entry}, part))
    return kept, new


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
        return 200, [payloads.message(m, self._cdn) for m in reversed(page)]

    def _get(self, call: Call) -> Answer:
        channel = self._channel(call, Permissions.READ_MESSAGE_HISTORY)
        return 200, payloads.message(self._message(channel, call.place["message"]), self._cdn)

    def _create(self, call: Call) -> Answer:
        files = [Permissions.ATTACH_FILES] if call.files else []
        channel = self._channel(call, *files)
        self._check_may_write(channel)
        if channel.recipient and not channel.recipient.accepts_dms:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        body = need(call.body)
        first = self._repeated(channel, body)
        if first:
            return 200, payloads.message(first, self._cdn)
        now, author = self._world.now(), self._world.bot
        message = Message(self._world.snowflake(), channel, author, now, nonce=body.get("nonce"))
        self._refer(message, body.get("message_reference"))
        self._composer.apply(message, body, call.files, "create message")
        return 200, payloads.message(self._world.post(message), self._cdn)

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
        if not message.channel.bot_permissions & Permissions.READ_MESSAGE_HISTORY:
            text = "Cannot reply without permission to read message history"
            raise ApiError(400, 160002, text)
        target = self._world.message(message.channel, str(asked["message_id"]))
        if target is not None and not target.ephemeral:
            message.reference, message.type = target, 19
        elif asked.get("fail_if_not_exists", True):
            raise form_error(["message_reference: Unknown message"])

    def _edit(self, call: Call) -> Answer:
        files = [Permissions.ATTACH_FILES] if call.files else []
        channel = self._channel(call, *files)
        message = self._message(channel, call.place["message"])
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        self.edit(message, need(call.body), call.files, "edit message")
        return 200, payloads.message(message, self._cdn)

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
        self._channel(call, Permissions.SEND_MESSAGES)
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
