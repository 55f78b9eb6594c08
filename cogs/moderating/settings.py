"""/settings: what moderators choose for the whole server."""

from typing import Any, cast

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread
from discord.ext import commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.members.remixing import RemixRule
from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import ChannelOrOff
from bot.domain.wording.sentences import say
from bot.services.guild_settings import GuildSettingsEditor
from bot.services.members.presets import Presets
from cogs.moderating import settings_texts as texts
from cogs.moderating.settings_presets import PresetCommands
from cogs.views.permissions import check_can_notify, check_may_manage

Postable = AppCommandChannel | AppCommandThread


class PostableTransformer(app_commands.Transformer):
    """A channel or thread that messages stand in, as the interaction describes it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Tell clients to offer channels."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Tell clients which ones."""
        kinds = discord.ChannelType
        threads = (kinds.public_thread, kinds.private_thread, kinds.news_thread)
        return [kinds.text, kinds.news, *threads]

    async def transform(self, _: discord.Interaction[Any], value: Any, /) -> Postable:
        """Take it as it is: whether Easel may post there is asked after who may ask."""
        return value  # type: ignore[no-any-return] # the library made it of one of these types


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class SettingsCommands(
    commands.GroupCog, group_name="settings", group_description="Settings of this server"
):
    """Turns /settings into the server's settings; whoever asks needs Manage Server."""

    def __init__(self, editor: GuildSettingsEditor, presets: Presets) -> None:
        super().__init__()
        self.editor = editor
        self.presets = presets
        cast("app_commands.Group", self.app_command).add_command(PresetCommands(presets))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever may manage the server at this moment; raises NeedsManageServer."""
        check_may_manage(interaction)
        return True

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show this server’s settings."""
        settings = await self.editor.settings(interaction.guild_id or 0)
        presets = await self.presets.of(interaction.guild_id)
        await _answer(interaction, texts.settings_text(settings, presets, self.editor.unpriced()))

    @app_commands.command()
    @app_commands.describe(timezone="Where days, weeks and months begin, such as Europe/Berlin")
    async def timezone(
        self, interaction: discord.Interaction, timezone: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """Set the time zone in which quotas and budgets reset."""
        zone = await self.editor.set_timezone(*_who(interaction), timezone)
        await _answer(interaction, say(texts.ZONE, zone=zone))

    @timezone.autocomplete("timezone")
    async def _suggest(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        zones = self.editor.zones(typed)[:CHOICES]
        return [app_commands.Choice(name=zone, value=zone) for zone in zones]

    @app_commands.command()
    @app_commands.describe(
        images="Pictures per month for the whole server; -1 = no such budget",
        usd="US dollars per month for the whole server; -1 = no such budget",
    )
    async def budget(
        self,
        interaction: discord.Interaction,
        images: app_commands.Range[int, UNLIMITED, 1_000_000] | None = None,
        usd: app_commands.Range[float, UNLIMITED, 1_000_000] | None = None,
    ) -> None:
        """Set what this server may use in a month; a warning comes at 80 %."""
        settings = await self.editor.set_budgets(*_who(interaction), images, usd)
        await _answer(interaction, texts.budget_text(settings, self.editor.unpriced()))

    @app_commands.command()
    @app_commands.describe(
        channel="Where notices such as budget warnings go",
        off="True: they go nowhere from now on",
    )
    async def log(
        self,
        interaction: discord.Interaction,
        channel: app_commands.Transform[Postable, PostableTransformer] | None = None,
        off: bool = False,
    ) -> None:
        """Choose the channel in which Easel tells moderators what they need to know."""
        if (channel is not None) is off:
            raise ChannelOrOff
        if channel is not None:
            check_can_notify(channel)
        channel_id = channel.id if channel else None
        await self.editor.set_log_channel(*_who(interaction), channel_id)
        said = texts.NOTICES_END if channel_id is None else texts.NOTICES_GO
        await _answer(interaction, say(said, channel_id=channel_id))

    @app_commands.command()
    @app_commands.describe(role="Who moderates beside members with Manage Server; empty = nobody")
    async def moderator(
        self, interaction: discord.Interaction, role: discord.Role | None = None
    ) -> None:
        """Choose the role whose members moderate Easel: its queue, jobs and results."""
        role_id = role.id if role else None
        await self.editor.set_moderator_role(*_who(interaction), role_id)
        said = texts.ROLE_ENDS if role_id is None else texts.ROLE_MODERATES
        await _answer(interaction, say(said, role_id=role_id))

    @app_commands.command()
    @app_commands.describe(allow="What a member has said with /privacy remix holds in any case")
    @app_commands.choices(
        allow=[app_commands.Choice(name=name, value=rule) for rule, name in texts.REMIX_CHOICES]
    )
    async def remix(self, interaction: discord.Interaction, allow: str) -> None:
        """Choose whose pictures members may restyle."""
        rule = RemixRule(allow)
        await self.editor.set_remix(*_who(interaction), rule)
        await _answer(interaction, say(texts.REMIX[rule]))


def _who(interaction: discord.Interaction) -> tuple[int, int]:
    """Return in which server a moderator acts, and who they are."""
    return interaction.guild_id or 0, interaction.user.id


async def _answer(interaction: discord.Interaction, text: str) -> None:
    await interaction.response.send_message(text, ephemeral=True)
