"""The small routes: who the bot is, its servers, channels, members and direct messages."""

from bot.sandbox.discord.routes.rest import Answer, ApiError, Call, Route, form_error, need
from bot.sandbox.discord.world import payloads
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import World


class Directory:
    """The small routes: who the bot is, and which users, servers and channels there are."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """List what is served here."""
        return [
            Route("GET", "/users/@me", self._me),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/applications/@me", self._application),
            Route("GET", "/users/{id}", self._user),
            Route("POST", "/users/@me/channels", self._open_direct),
            Route("GET", "/guilds/{id}", self._guild),
            Route("GET", "/guilds/{guild}/members/{id}", self._member),
            Route("GET", "/channels/{id}", self._channel),
        ]

    def _me(self, _: Call) -> Answer:
        private = {"mfa_enabled": False, "locale": "en-US", "verified": True}
        return 200, payloads.user(self._world.bot) | private

    def _application(self, _: Call) -> Answer:
        return 200, payloads.application(self._world)

    def _user(self, call: Call) -> Answer:
        found = self._world.users.get(call.place["id"])
        if found is None:
            raise ApiError(404, 10013, "Unknown User")
        return 200, payloads.user(found)

    def _open_direct(self, call: Call) -> Answer:
        found = self._world.users.get(str(need(call.body).get("recipient_id")))
        if found is None:
            raise form_error(["recipient_id: unknown user"])
        return 200, payloads.channel(self._world.direct_channel(found))

    def _guild(self, call: Call) -> Answer:
        found = self._world.guilds.get(call.place["id"])
        if found is None:
            raise ApiError(404, 10004, "Unknown Guild")
        return 200, payloads.guild(found)

    def _member(self, call: Call) -> Answer:
        guild = self._world.guilds.get(call.place["guild"])
        found = guild.members.get(call.place["id"]) if guild else None
        if found is None:
            raise ApiError(404, 10007, "Unknown Member")
        return 200, payloads.member(found) | {"user": payloads.user(found.user)}

    def _channel(self, call: Call) -> Answer:
        found = self._world.channels.get(call.place["id"])
        if found is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not found.bot_permissions & Permissions.VIEW_CHANNEL:
            raise ApiError(403, 50001, "Missing Access")
        return 200, payloads.channel(found)
