"""The webhook of an interaction's token: its original response and followups, for 15 minutes."""

from bot.sandbox.discord.routes.interactions import Interaction, Interactions
from bot.sandbox.discord.routes.messages import Messages
from bot.sandbox.discord.routes.rest import Answer, ApiError, Call, Route, need
from bot.sandbox.discord.world import message_payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.world import Message, World

TOKEN_LIFE_S = 900.0  # (Discord docs, 2026-08)


class Webhooks:
    """The routes under /webhooks/{application}/{interaction token}."""

    def __init__(
        self, world: World, cdn: Cdn, interactions: Interactions, messages: Messages
    ) -> None:
        self._world = world
        self._cdn = cdn
        self._interactions = interactions
        self._messages = messages

    def routes(self) -> list[Route]:
        """List what is served here; all of it by the token in the path."""
        hook = "/webhooks/{app}/{token}"
        one = f"{hook}/messages/{{message}}"
        return [
            Route("POST", hook, self._follow_up, token_in_path=True),
            Route("GET", one, self._get, token_in_path=True),
            Route("PATCH", one, self._edit, token_in_path=True),
            Route("DELETE", one, self._delete, token_in_path=True),
        ]

    def _open(self, call: Call) -> Interaction:
        interaction = self._interactions.find(call.place["token"])
        known = interaction is not None and call.place["app"] == self._world.bot.id
        if interaction is None or not known or interaction.callback_type is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        is_old = self._world.now() - interaction.created_at > TOKEN_LIFE_S
        if is_old or interaction.is_expired:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _message(self, call: Call) -> Message:
        interaction, wanted = self._open(call), call.place["message"]
        mine = [interaction.original, *interaction.followups]
        if wanted == "@original":
            mine, wanted = mine[:1], getattr(interaction.original, "id", "")
        for message in mine:
            if message is not None and message.id == wanted and not message.deleted:
                return message
        raise ApiError(404, 10008, "Unknown Message")

    def _follow_up(self, call: Call) -> Answer:
        interaction, body = self._open(call), need(call.body)
        message = interaction.original
        if message is not None and message.loading and not message.deleted:
            # Right after a defer a followup fills the deferred message (Discord docs, 2026-08).
            self._messages.edit(message, body, call.files, "follow up")
        else:
            message = self._interactions.new_message(interaction, body, call.files, "follow up")
            interaction.followups.append(message)
        return 200, message_payloads.message(message, self._cdn)

    def _get(self, call: Call) -> Answer:
        return 200, message_payloads.message(self._message(call), self._cdn)

    def _edit(self, call: Call) -> Answer:
        message = self._message(call)
        self._messages.edit(message, need(call.body), call.files, "edit response")
        return 200, message_payloads.message(message, self._cdn)

    def _delete(self, call: Call) -> Answer:
        self._world.delete(self._message(call))
        return 204, None
