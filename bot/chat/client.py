"""The Discord client: its commands, their sync and their first check, its log-out."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.chat.answers import AnsweringViewStore, answer, tell_cut_short
from bot.chat.gateway import Refused
from bot.chat.interactions import Connection, Interactions
from bot.chat.redirects import stay_with_discord
from bot.domain.access import Access
from bot.domain.errors import CommandOutdated, NotPossible
from bot.domain.wording.quoting import make_plain
from bot.domain.wording.sentences import NOBODY_NAMED, Operator
from bot.ports.settings import SettingsStore
from bot.watch.storage_faults import StorageFaultLog
from cogs.making.offer import AcceptButton, GiveUpButton
from cogs.mine.privacy import EraseButton
from cogs.moderating.acts.audit_layout import AuditPageButton
from cogs.moderating.approving.buttons import ApproveButton, DenyButton
from cogs.moderating.blocks.block_layout import BlocksPageButton
from cogs.moderating.guild_settings.layout import RoleSelect, SettingsButton
from cogs.moderating.queueing.buttons import (
    FirstButton,
    HoldButton,
    PageButton,
    ReleaseButton,
)
from cogs.moderating.reports import ReportSelect
from cogs.views.follow_ups import MoreSelect, WhichSelect
from cogs.views.job_buttons import (
    AgainButton,
    AskButton,
    CancelButton,
    CancelPaidButton,
    DeleteButton,
    EditButton,
    EngineButton,
    PictureButton,
    PromptButton,
    UpscaleButton,
)
from cogs.views.layouts.defaults import ClearDefaultButton
from cogs.views.moderating.log_layout import LogBlockButton, LogDeleteButton, LogDeleteSelect
from cogs.views.pictures import PictureSelect

Cog = commands.Cog
"""What brings commands to the client."""

_log = structlog.get_logger(__name__)

# What a client that has not loaded the commands anew still sends, minutes or days after a sync.
_UNKNOWN = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
LASTING = (
    EraseButton,
    AcceptButton,
    AgainButton,
    ApproveButton,
    AskButton,
    AuditPageButton,
    BlocksPageButton,
    CancelButton,
    CancelPaidButton,
    ClearDefaultButton,
    DeleteButton,
    DenyButton,
    EditButton,
    EngineButton,
    FirstButton,
    GiveUpButton,
    ReportSelect,
    HoldButton,
    LogBlockButton,
    LogDeleteButton,
    LogDeleteSelect,
    MoreSelect,
    PageButton,
    PictureButton,
    PictureSelect,
    PromptButton,
    RoleSelect,
    SettingsButton,
    ReleaseButton,
    UpscaleButton,
    WhichSelect,
)
_INTENTS = discord.Intents(guilds=True)  # interactions need no intent; guilds fills the cache


class Tree(app_commands.CommandTree["Client"]):
    """Checks before any command runs, and answers every error in one place."""

    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        """Refuse from memory: all of it from a stop on, commands where the bot may not be used.

        Suggestions for an option tell nothing, so they are made anywhere. The library reads the
        options after this, so it finds them plain.
        """
        make_plain(interaction.data)
        try:
            self.client.interactions.begin(interaction)
            if interaction.type is not discord.InteractionType.autocomplete:
                self.client.access.check(interaction.guild_id)
        except NotPossible as refusal:
            # Unlike a command's, the library hands an error of this check to nobody.
            await answer(interaction, refusal)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        """Say one sentence: the error's own, or an id that the log has the traceback for."""
        if isinstance(error, _UNKNOWN):
            await answer(interaction, CommandOutdated())
            return
        cause = error.__cause__ if isinstance(error, app_commands.TransformerError) else None
        original = getattr(error, "original", None) or cause or error
        await answer(interaction, original)

    async def _call(self, interaction: discord.Interaction["Client"]) -> None:
        """Serve a command; what a cog's check refuses, or the library breaks on, is answered."""
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits
            await answer(interaction, error)


@dataclass(frozen=True, slots=True)
class Starts:
    """How many gateway sessions may still be started, and are to be, until more are allowed."""

    left: int
    needed: int
    more_in_s: float


class Client(commands.AutoShardedBot):
    """The bot's one connection to Discord; cogs come from outside."""

    def __init__(
        self,
        *,
        access: Access,
        settings: SettingsStore,
        operator: Operator = NOBODY_NAMED,
        shards: tuple[list[int], int] | None = None,
    ) -> None:
        chosen: dict[str, Any] = (
            {} if shards is None else {"shard_ids": shards[0], "shard_count": shards[1]}
        )
        self.refused = Refused()
        self._connecting: asyncio.Task[Any] | None = None
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=_INTENTS,
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=access.direct_messages, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            http_trace=stay_with_discord(self.refused.trace()),
            **chosen,
        )
        self.interactions = Interactions(tell_cut_short)
        self.storage_faults = StorageFaultLog()
        # The library has no public place for this; a test presses a button that breaks.
        self._connection._view_store = AnsweringViewStore(  # noqa: SLF001
            self._connection, self.interactions
        )
        self.access = access
        self.operator = operator
        self._settings = settings

    async def add_cogs(self, cogs: Iterable[commands.Cog]) -> None:
        """Add the command families; before the start, so that the sync sees them."""
        for cog in cogs:
            await self.add_cog(cog)
            for menu in getattr(cog, "menus", ()):
                self.tree.add_command(menu)

    def _get_state(self, **options: Any) -> Connection:
        self._gateway = Connection(
            ended=self.refused.note,
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )
        return self._gateway

    async def connect(self, *, reconnect: bool = True) -> None:
        """Serve the gateway until the log-out; raises what ended it before that."""
        self._connecting = asyncio.current_task()
        await super().connect(reconnect=reconnect)

    async def close(self) -> None:
        """Log out; no interaction is at work afterwards."""
        if self._connecting is not None and asyncio.current_task() is self._connecting:
            # The library logs out before it says why the gateway ended; but what is at work then
            # still has to be edited and posted.
            return
        try:
            await super().close()
        finally:
            self._gateway.stop_beating()
            await self.interactions.drop()

    async def ask_for_gateway(self) -> "Starts":
        """Return the sessions that may still be started; raises what discord.py raises.

        A session that cannot be resumed starts anew at the library's own address, unless it is
        given the one from here.
        """
        shards, url, limit = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = URL(url)
        needed = len(self.shard_ids) if self.shard_ids else shards
        return Starts(limit["remaining"], needed, limit["reset_after"] / 1000)

    async def setup_hook(self) -> None:
        """Take up the buttons of old messages; sync the commands if they have changed."""
        self.add_dynamic_items(*LASTING)
        payload: list[dict[str, Any]] = [
            command.to_dict(self.tree) for command in self.tree.get_commands()
        ]
        text = json.dumps(payload, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        key = f"commands:{self.application_id}"
        if await self._settings.value(key) == digest:
            return
        synced = await self.tree.sync()
        await self._settings.keep(key, digest)
        _log.info("commands_synced", count=len(synced))


def redirect(api: str) -> None:
    """Send every REST call to another base URL."""
    Route.BASE = api.rstrip("/")
