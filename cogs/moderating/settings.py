"""/settings: what moderators choose for the whole server."""

from typing import Any, cast

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.errors import ButtonOutdated
from bot.domain.guilds.settings import EVERYONE, GuildSettings
from bot.domain.members.remixing import RemixRule
from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import ChannelOrOff, RoleOrOff
from bot.domain.wording.sentences import say
from bot.ports.accounts import Change
from bot.services.guild_settings import GuildSettingsEditor
from bot.services.members.presets import Presets
from bot.services.moderation.word_lists import WordLists
from cogs.moderating import settings_texts as texts
from cogs.moderating.guild_settings.channel_options import PostableChannel
from cogs.moderating.guild_settings.commands import MakingSettings, answer, who
from cogs.moderating.guild_settings.groups import MOST_BUDGET, Group, form_of
from cogs.moderating.guild_settings.layout import SettingsLayout
from cogs.moderating.guild_settings.role_form import RoleForm
from cogs.moderating.settings_presets import PresetCommands
from cogs.moderating.words.words import WordSettings
from cogs.views.permissions import (
    check_can_notify,
    check_is_below,
    check_is_for_members,
    check_may_manage,
)


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class SettingsCommands(
    MakingSettings,
    WordSettings,
    group_name="settings",
    group_description="Settings of this server",
):
    """Turns /settings into the server's settings; whoever asks needs Manage Server."""

    def __init__(
        self, editor: GuildSettingsEditor, presets: Presets, word_lists: WordLists
    ) -> None:
        super().__init__()
        self.editor = editor
        self.word_lists = word_lists
        self.presets = presets
        cast("app_commands.Group", self.app_command).add_command(PresetCommands(presets))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever may manage the server at this moment; raises NeedsManageServer."""
        check_may_manage(interaction)
        return True

    async def open_form(self, interaction: discord.Interaction[Any], group: str) -> None:
        """Open the form of a group of settings, filled in with what is set."""
        check_may_manage(interaction)
        if group not in {each.value for each in Group}:
            raise ButtonOutdated
        kept = await self.editor.settings(interaction.guild_id or 0)
        if group == Group.EVERYONE:
            form: discord.ui.Modal = RoleForm(EVERYONE, None, kept, self.editor, self._carry)
        else:
            form = form_of(Group(group), kept, self.editor, self._carry)
        await interaction.response.send_modal(form)

    async def open_role(self, interaction: discord.Interaction[Any], role: discord.Role) -> None:
        """Open the form for what a role may use."""
        check_may_manage(interaction)
        check_is_for_members(interaction, role)
        kept = await self.editor.settings(interaction.guild_id or 0)
        role_id, called = (EVERYONE, None) if role.is_default() else (role.id, role.name)
        form = RoleForm(role_id, called, kept, self.editor, self._carry)
        await interaction.response.send_modal(form)

    async def _carry(self, interaction: discord.Interaction[Any], change: Change) -> None:
        """Carry out what a form says, and show what is set then in the message it came from."""
        after = await self.editor.change(*who(interaction), change)
        await interaction.response.edit_message(view=await self._layout(interaction, after))

    async def _layout(
        self, interaction: discord.Interaction[Any], settings: GuildSettings
    ) -> SettingsLayout:
        words = await self.word_lists.words(interaction.guild_id or 0)
        presets = await self.presets.of(interaction.guild_id)
        notes = [texts.words_line(len(words)), texts.presets_line(presets)]
        return SettingsLayout(settings, self.editor.labels, self.editor.unpriced(), notes)

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show this server’s settings, and change them in forms."""
        settings = await self.editor.settings(interaction.guild_id or 0)
        await interaction.response.send_message(
            view=await self._layout(interaction, settings),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @app_commands.command()
    @app_commands.describe(timezone="Where days, weeks and months begin, such as Europe/Berlin")
    async def timezone(
        self, interaction: discord.Interaction, timezone: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """Set the time zone in which quotas and budgets reset."""
        zone = await self.editor.set_timezone(*who(interaction), timezone)
        await answer(interaction, say(texts.ZONE, zone=zone))

    @timezone.autocomplete("timezone")
    async def _suggest(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        zones = self.editor.zones(typed)[:CHOICES]
        return [app_commands.Choice(name=zone, value=zone) for zone in zones]

    @app_commands.command()
    @app_commands.describe(
        images="Pictures per month for the whole server; -1 = no such budget",
        usd="US dollars per month for the whole server; -1 = no such budget",
        warning="From how many percent of a budget on moderators are told",
    )
    async def budget(
        self,
        interaction: discord.Interaction,
        images: app_commands.Range[int, UNLIMITED, MOST_BUDGET] | None = None,
        usd: app_commands.Range[float, UNLIMITED, MOST_BUDGET] | None = None,
        warning: app_commands.Range[int, 1, 100] | None = None,
    ) -> None:
        """Set what this server may use in a month, and when moderators are warned."""
        settings = await self.editor.set_budgets(*who(interaction), images, usd, warning)
        await answer(interaction, texts.budget_text(settings, self.editor.unpriced()))

    @app_commands.command()
    @app_commands.describe(
        channel="Where moderators read of results, acts, reports and budgets",
        off="True: nowhere, from now on",
    )
    async def log(
        self,
        interaction: discord.Interaction,
        channel: PostableChannel | None = None,
        off: bool = False,
    ) -> None:
        """Choose the channel in which Easel tells moderators what they need to know."""
        if (channel is not None) is off:
            raise ChannelOrOff
        if channel is not None:
            check_can_notify(interaction, channel)
        channel_id = channel.id if channel else None
        await self.editor.set_log_channel(*who(interaction), channel_id)
        said = texts.NOTICES_END if channel_id is None else texts.NOTICES_GO
        await answer(interaction, say(said, channel_id=channel_id))

    @app_commands.command()
    @app_commands.describe(
        role="Who moderates beside members with Manage Server",
        off="True: nobody beside them, from now on",
    )
    async def moderator(
        self,
        interaction: discord.Interaction,
        role: discord.Role | None = None,
        off: bool = False,
    ) -> None:
        """Choose the role whose members moderate Easel: its queue, jobs and results."""
        if (role is not None) is off:
            raise RoleOrOff
        if role is not None:
            check_is_below(interaction, role)
        role_id = role.id if role else None
        await self.editor.set_moderator_role(*who(interaction), role_id)
        said = texts.ROLE_ENDS if role_id is None else texts.ROLE_MODERATES
        await answer(interaction, say(said, role_id=role_id))

    @app_commands.command()
    @app_commands.describe(allow="What a member has said with /privacy remix holds in any case")
    @app_commands.choices(
        allow=[app_commands.Choice(name=name, value=rule) for rule, name in texts.REMIX_CHOICES]
    )
    async def remix(self, interaction: discord.Interaction, allow: str) -> None:
        """Choose whose pictures members may restyle."""
        rule = RemixRule(allow)
        await self.editor.set_remix(*who(interaction), rule)
        await answer(interaction, say(texts.REMIX[rule]))
