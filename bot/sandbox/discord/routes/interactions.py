"""Interactions: sent to the bot, and acknowledged by one callback within three seconds."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from bot.sandbox.discord.routes.commands import SUB_COMMAND, SUB_COMMAND_GROUP
from bot.sandbox.discord.routes.composer import Composer, upload_limit
from bot.sandbox.discord.routes.messages import Messages
from bot.sandbox.discord.routes.rest import Answer, ApiError, Call, FilePart, Route, need
from bot.sandbox.discord.world import message_payloads, payloads
from bot.sandbox.discord.world.breaches import autocomplete_breaches, modal_breaches
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.faults import Faults
from bot.sandbox.discord.world.message import EPHEMERAL, LOADING, numbered
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.world import Channel, Message, World

ACK_WITHIN_S = 3.0  # (Discord docs, 2026-08)

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9
CALLBACKS = {
    COMMAND: {REPLY, DEFER, OPEN_MODAL},
    COMPONENT: {REPLY, DEFER, DEFER_UPDATE, UPDATE, OPEN_MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {REPLY, DEFER, DEFER_UPDATE, UPDATE},
}
MESSAGE_TYPES = {1: 20, 3: 23}  # by command type: slash reply, context menu reply


@dataclass(eq=False)
class Interaction:
    """One interaction and everything the bot answered to it."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    data: JSON
    created_at: float
    started: float  # by the monotonic clock
    source: Message | None = None  # the message whose component was used
    trigger: "Interaction | None" = None  # what opened the modal that is submitted
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    callback_type: int | None = None
    is_answer_lost: bool = False  # to its callback: a second one is no fault of the bot
    acked_after_s: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[JSON] = field(default_factory=list)
    modal: JSON | None = None
    is_expired: bool = False  # before its time

    @property
    def command(self) -> str:
        """The command's name with those of its sub-commands; empty for anything else."""
        if self.kind != COMMAND:
            return ""
        return " ".join([self.data["name"], *_sub_commands(self.data.get("options") or [])])

    @property
    def metadata(self) -> JSON:
        """The `interaction_metadata` of messages that answer it."""
        guild = self.channel.guild
        shown: JSON = {
            "id": self.id,
            "type": self.kind,
            "user": payloads.user(self.user),
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
        }
        if self.kind == COMPONENT and self.source:
            shown["interacted_message_id"] = self.source.id
        if self.kind == MODAL and self.trigger:
            shown["triggering_interaction_metadata"] = self.trigger.metadata
        return shown


class Interactions:
    """All interactions by token. `dispatch(event, payload, guild id or None)` reaches the bot."""

    def __init__(
        self,
        *,
        world: World,
        cdn: Cdn,
        faults: Faults,
        messages: Messages,
        composer: Composer,
        dispatch: Callable[[str, JSON, str | None], None],
    ) -> None:
        self._world = world
        self._cdn = cdn
        self._faults = faults
        self._messages = messages
        self._composer = composer
        self._dispatch = dispatch
        self._by_token: dict[str, Interaction] = {}

    def begin(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: JSON,
        *,
        locale: str = "en-US",
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Interaction:
        """Send an INTERACTION_CREATE to the bot."""
        interaction = Interaction(
            self._world.snowflake(),
            secrets.token_urlsafe(48),
            kind,
            user,
            channel,
            data,
            self._world.now(),
            time.monotonic(),
            source,
            trigger,
        )
        self._by_token[interaction.token] = interaction
        guild_id = channel.guild.id if channel.guild else None
        self._dispatch("INTERACTION_CREATE", self._payload(interaction, locale), guild_id)
        return interaction

    def _payload(self, interaction: Interaction, locale: str) -> JSON:
        shown: JSON = {
            "id": interaction.id,
            "application_id": self._world.bot.id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "locale": locale,
            "entitlements": [],
            "attachment_size_limit": upload_limit(interaction.channel),
            **payloads.actor(interaction.user, interaction.channel),
        }
        if interaction.source:
            shown["message"] = message_payloads.message(interaction.source, self._cdn)
        return shown

    def routes(self) -> list[Route]:
        """List what is served here."""
        path = "/interactions/{id}/{token}/callback"
        return [Route("POST", path, self._callback, token_in_path=True)]

    def find(self, token: str) -> Interaction | None:
        """Return the interaction a token was given out for, however long ago."""
        return self._by_token.get(token)

    def expire(self) -> int:
        """Let every token given out so far be too old to be used; returns how many there are."""
        for interaction in self._by_token.values():
            interaction.is_expired = True
        return len(self._by_token)

    def _callback(self, call: Call) -> Answer:
        interaction = self._by_token.get(call.place["token"])
        if interaction is None or interaction.id != call.place["id"]:
            self._faults.append(f"callback to an unknown interaction {call.place['id']}")
            raise ApiError(404, 10062, "Unknown interaction")
        self._refuse_late(interaction)
        body = need(call.body)
        kind, data = body.get("type"), body.get("data") or {}
        if kind not in self._legal(interaction):
            wrong = f"type {kind} cannot answer an interaction of type {interaction.kind}"
            self._composer.refuse([wrong], "callback")
        self._perform(interaction, int(kind or 0), data, call.files)
        interaction.callback_type = kind
        interaction.is_answer_lost = call.is_answer_lost
        interaction.acked_after_s = time.monotonic() - interaction.started
        interaction.answered.set()
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return 204, None
        return 200, self._callback_response(interaction)

    def _refuse_late(self, interaction: Interaction) -> None:
        if interaction.callback_type is not None:
            if not interaction.is_answer_lost:
                self._faults.append(f"second ack of interaction {interaction.id}")
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        waited = time.monotonic() - interaction.started
        late = max(waited, self._world.now() - interaction.created_at)
        if late > ACK_WITHIN_S:
            self._faults.append(f"late ack: {late:.1f} s after interaction {interaction.id}")
            interaction.answered.set()
            raise ApiError(404, 10062, "Unknown interaction")

    @staticmethod
    def _legal(interaction: Interaction) -> set[int]:
        legal = CALLBACKS[interaction.kind]
        return legal if interaction.source else legal - {DEFER_UPDATE, UPDATE}

    def _perform(
        self, interaction: Interaction, kind: int, data: JSON, files: dict[int, FilePart]
    ) -> None:
        if kind == REPLY:
            interaction.original = self.new_message(interaction, data, files, "respond")
        elif kind == DEFER:
            interaction.original = self._thinking(interaction, int(data.get("flags") or 0))
        elif kind in (DEFER_UPDATE, UPDATE):
            if kind == UPDATE and interaction.source:
                self._messages.edit(interaction.source, data, files, "update")
            interaction.original = interaction.source
        elif kind == CHOICES:
            self._suggest(interaction, list(data.get("choices") or []))
        else:
            self._composer.refuse(modal_breaches(data), "modal")
            interaction.modal = data | {"components": numbered(deepcopy(data["components"]))}

    def new_message(
        self, interaction: Interaction, data: JSON, files: dict[int, FilePart], doing: str
    ) -> Message:
        """Post a message that answers an interaction; raises what `Composer.apply` raises."""
        message = self._blank(interaction, int(data.get("flags") or 0) & EPHEMERAL)
        self._composer.apply(message, data, files, doing)
        return self._world.post(message)

    def _blank(self, interaction: Interaction, flags: int) -> Message:
        return Message(
            self._world.snowflake(),
            interaction.channel,
            self._world.bot,
            self._world.now(),
            flags=flags,
            type=MESSAGE_TYPES.get(interaction.data.get("type", 0), 0),
            recipient=interaction.user if flags & EPHEMERAL else None,
            interaction=interaction.metadata,
            command=interaction.command,
            command_type=interaction.data.get("type") or 1,
        )

    def _thinking(self, interaction: Interaction, flags: int) -> Message:
        if flags & ~EPHEMERAL:
            self._composer.refuse(["a defer knows no flag but EPHEMERAL"], "defer")
        return self._world.post(self._blank(interaction, flags | LOADING))

    def _suggest(self, interaction: Interaction, choices: list[JSON]) -> None:
        focused = next(_focused(interaction.data.get("options") or []))
        self._composer.refuse(autocomplete_breaches(choices, focused["type"]), "autocomplete")
        interaction.choices = choices

    def _callback_response(self, interaction: Interaction) -> JSON:
        shown: JSON = {"id": interaction.id, "type": interaction.kind}
        shown["channel_id"] = interaction.channel.id
        if interaction.channel.guild:
            shown["guild_id"] = interaction.channel.guild.id
        original = interaction.original
        if original is None:
            return {"interaction": shown}
        shown["response_message_id"] = original.id
        shown["response_message_loading"] = original.loading
        shown["response_message_ephemeral"] = original.ephemeral
        if interaction.callback_type not in (REPLY, UPDATE):
            return {"interaction": shown}  # a deferred response shows no message yet
        message = message_payloads.message(original, self._cdn)
        return {
            "interaction": shown,
            "resource": {"type": interaction.callback_type, "message": message},
        }


def _sub_commands(options: list[JSON]) -> Iterator[str]:
    for option in options:
        if option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP):
            yield option["name"]
            yield from _sub_commands(option.get("options") or [])


def _focused(options: list[JSON]) -> Iterator[JSON]:
    for option in options:
        if option.get("focused"):
            yield option
        yield from _focused(option.get("options") or [])
