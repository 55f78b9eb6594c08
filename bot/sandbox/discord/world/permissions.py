"""The permissions that decide what the bot, and who uses it, may do in the local Discord."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag


class Permissions(IntFlag):
    """The permission bits the stand-in knows (Discord docs, 2026-08)."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = Permissions(sum(Permissions))
NOTHING = Permissions(0)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What one channel gives and takes of a role or a member, beside what the server gives."""

    allow: Permissions = NOTHING
    deny: Permissions = NOTHING


def overwritten(
    bits: Permissions, overwrites: Mapping[str, Overwrite], order: Iterable[Iterable[str]]
) -> Permissions:
    """Return what is left of a server's permissions in a channel (Discord docs, 2026-08).

    `order` names whose overwrites come after one another: @everyone's, those of all roles together,
    the member's own.
    """
    if bits == ALL:
        return ALL
    for ids in order:
        there = [overwrites[each] for each in ids if each in overwrites]
        for each in there:
            bits &= ~each.deny
        for each in there:
            bits |= each.allow
    return bits if bits & Permissions.VIEW_CHANNEL else NOTHING


def permission_bits(names: Iterable[str] | int) -> Permissions:
    """Add up permission names such as "MANAGE_GUILD"; a number passes through."""
    if isinstance(names, int):
        return Permissions(names)
    bits = NOTHING
    for name in names:
        bits |= Permissions[name.upper()]
    return bits


EVERYONE = permission_bits(
    [
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "SEND_MESSAGES_IN_THREADS",
        "EMBED_LINKS",
        "ATTACH_FILES",
        "READ_MESSAGE_HISTORY",
    ]
)
# What an interaction says of the app there, though it may see and write (Discord docs, 2026-08).
IN_DIRECT_MESSAGES = permission_bits(["ATTACH_FILES", "EMBED_LINKS", "MENTION_EVERYONE"])
