"""The subcommands of /settings for where, by what and how pictures are made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.guilds.changes import with_channel, with_spoiler, without_rule
from bot.domain.guilds.errors import ApprovalOrOff, ChannelOrEverywhere, RuleOrReset
from bot.domain.guilds.settings import EVERYONE, GuildSettings
from bot.domain.labels.corners import Corner
from bot.domain.labels.own_words import MOST_CHARS
from bot.domain.labels.wording import LabelLanguage
from bot.domain.quotas.errors import NothingToSet
from bot.domain.wording.likeness import most_like
from bot.domain.wording.sentences import say
from bot.services.guild_settings import GuildSettingsEditor
from cogs.moderating import settings_texts as texts
from cogs.moderating.guild_settings.channel_options import UsableChannel
from cogs.moderating.guild_settings.groups import MOST_DAYS
from cogs.views.permissions import check_can_make, check_is_for_members

_NAMES_CHARS = 1000
_BETWEEN = ", "
_NONE = "none"  # a choice must have a value


def _choices(names: Mapping[Any, str]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=name, value=_NONE if value is None else value)
        for value, name in names.items()
    ]


class MakingSettings(commands.GroupCog):
    """Subcommands that /settings takes over; its cog says who may use them."""

    editor: GuildSettingsEditor

    @app_commands.command()
    @app_commands.describe(
        channel="A channel or thread where pictures may be made; its threads go with it",
        allow="False: pictures are no longer made there",
        everywhere="True: pictures may be made in every channel",
    )
    async def channel(
        self,
        interaction: discord.Interaction,
        channel: UsableChannel | None = None,
        allow: bool = True,
        everywhere: bool = False,
    ) -> None:
        """Choose where pictures may be made; without a choice, everywhere."""
        if (channel is not None) is everywhere:
            raise ChannelOrEverywhere

        def change(kept: GuildSettings) -> GuildSettings:
            if channel is None:
                return replace(kept, channels=())
            return with_channel(kept, channel.id, allowed=allow)

        if channel is not None and allow:
            check_can_make(interaction, channel)
        after = await self.editor.change(*who(interaction), change)
        await answer(interaction, texts.places_text(after))

    @app_commands.command()
    @app_commands.describe(
        channel="Where results are hidden until somebody clicks them; its threads go with it",
        hide="False: results are shown at once there",
    )
    async def spoiler(
        self, interaction: discord.Interaction, channel: UsableChannel, hide: bool = True
    ) -> None:
        """Choose the channels in which every result is a spoiler."""
        change = partial(with_spoiler, channel_id=channel.id, hidden=hide)
        await self.editor.change(*who(interaction), change)
        said = texts.SPOILERS_BEGIN if hide else texts.SPOILERS_END
        await answer(interaction, say(said, channel_id=channel.id))

    @app_commands.command()
    @app_commands.describe(allow="May members ask for results that only they see?")
    async def private(self, interaction: discord.Interaction, allow: bool) -> None:
        """Allow private results, or not."""
        await self.editor.change(
            *who(interaction), lambda kept: replace(kept, allows_private=allow)
        )
        said = texts.PRIVATE_ALLOWED if allow else texts.PRIVATE_FORBIDDEN
        await answer(interaction, say(said))

    @app_commands.command()
    @app_commands.describe(
        corner="Where in the picture",
        language="In which language",
        generated="Your own words for pictures made from words, which must name AI; - = the usual",
        modified="Your own words for edited uploads, which must name AI; - = the usual",
    )
    @app_commands.choices(
        corner=[
            app_commands.Choice(name=name, value=corner or _NONE)
            for corner, name in texts.CORNERS.items()
        ],
        language=[
            app_commands.Choice(name=name, value=code or _NONE)
            for code, name in texts.LANGUAGES.items()
        ],
    )
    async def label(
        self,
        interaction: discord.Interaction,
        corner: str | None = None,
        language: str | None = None,
        generated: app_commands.Range[str, 1, MOST_CHARS] | None = None,
        modified: app_commands.Range[str, 1, MOST_CHARS] | None = None,
    ) -> None:
        """Choose the corner, the language and the words of the label on every result."""
        typed = {"corner": corner, "language": language}
        words = {"generated": generated, "modified": modified}
        if not any((*typed.values(), *words.values())):
            raise NothingToSet(options=", ".join((*typed, *words)))
        own = {name: self.editor.own_words(each) for name, each in words.items() if each}

        def change(kept: GuildSettings) -> GuildSettings:
            after = replace(kept, label_words=replace(kept.label_words, **own))
            if corner is not None:
                chosen = None if corner == _NONE else Corner(corner)
                after = replace(after, label_corner=chosen)
            if language is not None:
                after = replace(
                    after, label_language=None if language == _NONE else LabelLanguage(language)
                )
            return after

        after = await self.editor.change(*who(interaction), change)
        await answer(interaction, texts.label_text(after, self.editor.labels))

    @app_commands.command()
    @app_commands.describe(
        role="Whose; empty = everyone without a role that has a rule of its own",
        engines="Names of engines, between commas; “all” = all of them",
        styles="Names of styles, between commas; “all” = all of them",
        reset="True: the role has no rule of its own any more",
    )
    async def engine(
        self,
        interaction: discord.Interaction,
        role: discord.Role | None = None,
        engines: app_commands.Range[str, 1, _NAMES_CHARS] | None = None,
        styles: app_commands.Range[str, 1, _NAMES_CHARS] | None = None,
        reset: bool = False,
    ) -> None:
        """Choose which engines and styles a role, or everyone, may use."""
        if (engines is not None or styles is not None) is reset:
            raise RuleOrReset
        role_id = EVERYONE if role is None or role.is_default() else role.id
        if reset:
            change = partial(without_rule, role_id=role_id)
            await self.editor.change(*who(interaction), change)
            said = texts.EVERYONES_RULE_ENDS if role_id == EVERYONE else texts.RULE_ENDS
            await answer(interaction, say(said, role_id=role_id))
            return
        if role is not None:
            check_is_for_members(interaction, role)
        rule = await self.editor.set_rule(
            *who(interaction), role_id, _names(engines), _names(styles)
        )
        await answer(interaction, texts.rule_text(rule))

    @engine.autocomplete("engines")
    async def _suggest_engines(
        self, _: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return _continued(typed, [engine.name for engine in self.editor.engines()])

    @engine.autocomplete("styles")
    async def _suggest_styles(
        self, _: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return _continued(typed, self.editor.styles())

    @app_commands.command()
    @app_commands.describe(
        days="Members who joined more recently wait for a moderator’s yes",
        role="Members without this role wait for a moderator’s yes",
        off="True: nobody waits for a yes",
    )
    async def approval(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, 1, MOST_DAYS] | None = None,
        role: discord.Role | None = None,
        off: bool = False,
    ) -> None:
        """Choose whose requests wait for a moderator’s yes before anything is made."""
        if (days is not None or role is not None) is off:
            raise ApprovalOrOff
        if role is not None:
            check_is_for_members(interaction, role)
        role_id = role.id if role else None
        after = await self.editor.change(
            *who(interaction),
            lambda kept: replace(kept, approval_days=days, approval_role_id=role_id),
        )
        await answer(interaction, texts.approval_text(after))


def who(interaction: discord.Interaction) -> tuple[int, int]:
    """Return in which server a moderator acts, and who they are."""
    return interaction.guild_id or 0, interaction.user.id


async def answer(interaction: discord.Interaction, text: str) -> None:
    """Say something to the moderator alone."""
    await interaction.response.send_message(text, ephemeral=True)


def _names(typed: str | None) -> list[str] | None:
    """Return what stands between commas: none for all, None where nothing was typed."""
    if typed is None:
        return None
    if typed.strip().casefold() == texts.ALL:
        return []
    return [name.strip() for name in typed.split(",") if name.strip()]


def _continued(typed: str, known: Sequence[str]) -> list[app_commands.Choice[str]]:
    """Return the list typed so far, each time with one of the names that it may go on with."""
    *before, last = [part.strip() for part in typed.split(",")]
    left = [name for name in known if name not in before]
    found = most_like(last, left, str)[:CHOICES]
    lists = [_BETWEEN.join((*before, name)) for name in found]
    if not typed.strip():
        lists = [texts.ALL, *lists][:CHOICES]
    return [app_commands.Choice(name=each, value=each) for each in lists if _fits(each)]


def _fits(text: str) -> bool:
    return len(text) <= CHOICE_CHARS
