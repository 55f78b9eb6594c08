"""An interaction as Discord sent it: its channel whatever its kind, and a response of our own."""

from typing import Any

import discord
from discord.channel import PartialMessageable

from bot.chat.gateway import GatewayState
from bot.chat.responses import Response


class Received(discord.Interaction[Any]):
    """The library's interaction with what it leaves out of the event."""

    def _from_data(self, data: Any) -> None:
        try:
            super()._from_data(data)
        except (LookupError, TypeError, ValueError):
            # An interaction tells only a part of a channel; the library insists on more of some.
            told: Any = {key: part for key, part in data.items() if key != "channel"}
            super()._from_data(told)
        channel_id = data.get("channel_id")
        if self.channel is None and channel_id is not None:
            # Of a kind that the library cannot read: its id is all that is needed.
            self.channel = PartialMessageable(self._state, int(channel_id), self.guild_id)  # type: ignore[assignment] # it has what is read of a channel
            if self.message is not None:
                self.message.channel = self.channel  # type: ignore[assignment] # the same
        self._cs_response = Response(self)  # where the library keeps what it would make


class Connection(GatewayState):
    """The reader of events, which makes interactions of our own class."""

    def parse_interaction_create(self, data: Any) -> None:
        """Hand an interaction to whoever serves it, as the library does."""
        interaction, inner = Received(data=data, state=self), data.get("data") or {}
        kind = interaction.type
        if kind in (
            discord.InteractionType.application_command,
            discord.InteractionType.autocomplete,
        ):
            if self._command_tree:
                self._command_tree._from_interaction(interaction)  # noqa: SLF001 - as the library does
        elif kind is discord.InteractionType.component:
            dispatch = self._view_store.dispatch_view
            dispatch(inner["component_type"], inner["custom_id"], interaction)
        elif kind is discord.InteractionType.modal_submit:
            resolved = inner.get("resolved", {})
            dispatch_modal = self._view_store.dispatch_modal
            dispatch_modal(inner["custom_id"], interaction, inner["components"], resolved)
        self.dispatch("interaction", interaction)
