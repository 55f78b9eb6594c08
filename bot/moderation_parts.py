"""What moderators' services are made of: settings, words, blocks, holds, stops and approvals."""

from collections.abc import Callable

from bot.chat.posting.approvals import ApprovalMessagesByRest
from bot.parts import Parts
from bot.services.guild_settings import GuildSettingsEditor
from bot.services.moderation.approvals import Approvals
from bot.services.moderation.blocks import Blocks
from bot.services.moderation.departures import Departures
from bot.services.moderation.guild_pauses import GuildPauses
from bot.services.moderation.holds import Holds
from bot.services.moderation.word_lists import WordLists


def settings_editor_of(parts: Parts) -> GuildSettingsEditor:
    """Return what shows and changes a server's settings."""
    return GuildSettingsEditor(
        store=parts.storage.guild_settings,
        warnings=parts.storage.warnings,
        catalogue=parts.catalogue,
        labels=parts.settings.label_rules,
        now=parts.now,
        changed=(parts.gate.expire, parts.wishes.defaults.forget_server),
    )


def holds_of(parts: Parts, ring: Callable[[], None]) -> Holds:
    """Return what holds jobs back; `ring` wakes the worker."""
    return Holds(
        store=parts.storage.holds,
        jobs=parts.storage.jobs,
        queue=parts.queue,
        standings=parts.standings,
        deliverer=parts.delivery,
        ring=ring,
        now=parts.now,
    )


def guild_pauses_of(parts: Parts, ring: Callable[[], None]) -> GuildPauses:
    """Return what stops a server's queue; `ring` wakes the worker."""
    return GuildPauses(
        store=parts.storage.guild_pauses,
        queue=parts.queue,
        standings=parts.standings,
        deliverer=parts.delivery,
        ring=ring,
        now=parts.now,
    )


def word_lists_of(parts: Parts) -> WordLists:
    """Return what changes servers' word lists."""
    return WordLists(store=parts.storage.words, gate=parts.gate, now=parts.now)


def approvals_of(
    parts: Parts, ring: Callable[[], None], questions: ApprovalMessagesByRest
) -> Approvals:
    """Return what asks moderators for their yes; `ring` wakes the worker."""
    return Approvals(
        store=parts.storage.approvals,
        jobs=parts.storage.jobs,
        blobs=parts.storage.blobs,
        settings=parts.storage.guild_settings,
        moderators=parts.moderators,
        holds=holds_of(parts, ring),
        messages=questions,
        owners=parts.owners,
        ring_worker=ring,
        now=parts.now,
    )


def blocks_of(parts: Parts, ring: Callable[[], None]) -> Blocks:
    """Return what blocks members and roles; `ring` wakes the worker, who tells whose jobs ended."""
    return Blocks(
        store=parts.storage.blocks,
        settings=parts.storage.guild_settings,
        moderators=parts.moderators,
        gate=parts.gate,
        alias_of=parts.alias_of,
        ring=ring,
        now=parts.now,
    )


def departures_of(parts: Parts, ring: Callable[[], None]) -> Departures:
    """Return what happens when a server removes the bot; `ring` wakes the worker."""
    return Departures(store=parts.storage.departures, ring=ring, now=parts.now)
