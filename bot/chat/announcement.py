"""Says in one line that the bot is up, and with what."""

import structlog
from discord.ext import commands

from bot.chat.client import Client
from bot.domain.engines.catalogue import Catalogue

_log = structlog.get_logger(__name__)


class Announcement(commands.Cog):
    """Logs one line whenever the client is ready: at the start, and after a session that ended."""

    def __init__(
        self, client: Client, catalogue: Catalogue, database: str, *, is_working: bool
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._database = database
        self._is_working = is_working

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Tell what somebody who has just started it would look for."""
        _log.info(
            "up",
            name=str(self._client.user),
            servers=len(self._client.guilds),
            database=self._database,
            engines_usable=len(self._catalogue.usable_engines()),
            defaults={name: each.name for name, each in self._catalogue.defaults().items()},
            # The log-in brings them to Discord and fails where it cannot.
            commands_in_sync=len(self._client.tree.get_commands()),
            makes_pictures=self._is_working,
        )
