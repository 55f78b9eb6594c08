"""/settings: what moderators choose for the whole server."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread
from discord.ext import commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import ChannelOrOff
from bot.domain.quotas.quota import GuildSettings
from bot.domain.wording import mentions
from bot.domain.wording.names import pictures_text
from bot.services.guild_settings import GuildSettingsEditor
from cogs.views.permissions import check_can_notify, check_may_manage

_ENGINES_SHOWN = 40  # as many as surely fit into a message

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

    def __init__(self, editor: GuildSettingsEditor) -> None:
        super().__init__()
        self.editor = editor

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever may manage the server at this moment; raises NeedsManageServer."""
        check_may_manage(interaction)
        return True

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show this server’s settings."""
        settings = await self.editor.settings(interaction.guild_id or 0)
        to = settings.log_channel_id
        log_channel = "none" if to is None else mentions.channel(to)
        lines = (
            f"Time zone: {settings.timezone}",
            f"Budget: {_budget_text(settings)}",
            f"Log channel: {log_channel}{self._note(settings)}",
        )
        await _answer(interaction, "\n".join(lines))

    @app_commands.command()
    @app_commands.describe(timezone="Where days, weeks and months begin, such as Europe/Berlin")
    async def timezone(
        self, interaction: discord.Interaction, timezone: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """Set the time zone in which quotas and budgets reset."""
        zone = await self.editor.set_timezone(interaction.guild_id or 0, timezone)
        await _answer(interaction, f"Quotas and budgets reset in the time zone {zone} now.")

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
        settings = await self.editor.set_budgets(interaction.guild_id or 0, images, usd)
        await _answer(interaction, f"Budget: {_budget_text(settings)}{self._note(settings)}")

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
        await self.editor.set_log_channel(interaction.guild_id or 0, channel_id)
        said = f"go to {mentions.channel(channel.id)} now" if channel else "go nowhere now"
        await _answer(interaction, f"Notices to moderators, such as budget warnings, {said}.")

    def _note(self, settings: GuildSettings) -> str:
        """Return in small print which engines a budget in dollars counts without a price."""
        engines = self.editor.unpriced()
        if settings.budget_usd is None or not engines:
            return ""
        names = ", ".join(f"`{engine.name}`" for engine in engines[:_ENGINES_SHOWN])
        more = len(engines) - _ENGINES_SHOWN
        names += f" and {more} more" if more > 0 else ""
        each = f"{engines[0].assumed_usd:.2f} USD a picture"
        return f"\n-# The prices of these engines are not known, so they count as {each}: {names}."


def _budget_text(settings: GuildSettings) -> str:
    parts = []
    if settings.budget_images is not None:
        parts.append(pictures_text(settings.budget_images))
    if settings.budget_usd is not None:
        parts.append(f"{settings.budget_usd:.2f} USD")
    return " and ".join(parts) + " per month" if parts else "none"


async def _answer(interaction: discord.Interaction, text: str) -> None:
    await interaction.response.send_message(text, ephemeral=True)
