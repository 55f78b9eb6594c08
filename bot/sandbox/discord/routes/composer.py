"""Turns a request body into a message, and holds it to Discord's limits."""

import re
from collections.abc import Iterable
from copy import deepcopy
from itertools import chain

from bot.sandbox.discord.routes.rest import (
    ApiError,
    FilePart,
    form_error,
)
from bot.sandbox.discord.world.breaches import (
    loose_mentions,
    media_urls,
    message_breaches,
    shown_names,
)
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.faults import Faults
from bot.sandbox.discord.world.message import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Attachment,
    numbered,
    walk,
)
from bot.sandbox.discord.world.numbers import MIB, UPLOAD_LIMITS
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.discord.world.world import Channel, Message, World

REQUEST_LIMIT = 25 * MIB  # of all files of one request (Discord docs, 2026-08)
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
        if any(len(str(entry.get("description") or "")) > 1024 for entry, _ in new):
            breaches = chain(breaches, ["alt text of more than 1024 characters"])
        self.refuse([*breaches], doing)
        if not (content or embeds or components or names or message.forwards):
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
