"""A visitor: somebody who uses the bot the way a Discord client would let them."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

from bot.sandbox.discord.routes.commands import Commands, Found, nest
from bot.sandbox.discord.routes.interactions import (
    ACK_WITHIN_S,
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    Interactions,
)
from bot.sandbox.discord.world import message_payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.forms import CannotSend, Form, Upload, selected, submitted
from bot.sandbox.discord.world.message import SELECTS, walk
from bot.sandbox.discord.world.people import JSON, User
from bot.sandbox.discord.world.world import Channel, Member, Message, World


class LocalDiscord(Protocol):
    """What a client reaches of Discord."""

    world: World
    cdn: Cdn
    commands: Commands
    interactions: Interactions

    async def download(self, url: str) -> bytes:
        """Fetch the bytes behind a CDN link; raises LookupError."""


class NotAcknowledged(Exception):
    """The bot did not answer an interaction within three seconds."""


def waits(message: Message) -> bool:
    """Whether a message is a defer's "thinking", or that of a job that can be cancelled.

    A list of jobs, which offers more than that, waits for nothing.
    """
    offered = [f"{b.label} {b.custom_id}".lower() for b in message.buttons if not b.disabled]
    is_a_jobs = bool(offered) and all("cancel" in each for each in offered)
    return message.loading or is_a_jobs


class Reply:
    """What the bot answered to one interaction; `message` is its original response, live."""

    def __init__(self, discord: LocalDiscord, interaction: Interaction) -> None:
        self._discord = discord
        self.interaction = interaction

    @property
    def acked_after_s(self) -> float:
        """Seconds from sending the interaction to its acknowledgement."""
        return self.interaction.acked_after_s or 0.0

    @property
    def message(self) -> Message | None:
        """The original response as it is now, or the follow-up in place of a deleted one."""
        message = self.interaction.original
        if message is None or not message.deleted:
            return message
        return self.followups[-1] if self.followups else None

    @property
    def ephemeral(self) -> bool:
        """Whether only the visitor sees the response."""
        return self.message is not None and self.message.ephemeral

    @property
    def followups(self) -> list[Message]:
        """The further messages of the bot to this interaction."""
        return self.interaction.followups

    @property
    def modal(self) -> JSON | None:
        """The modal the bot opened, if it did."""
        return self.interaction.modal

    async def until(self, met: Callable[[Message], bool], timeout: float = 30) -> Message:  # noqa: ASYNC109 - in seconds
        """Wait until the original response is as wanted. Raises TimeoutError with its text."""
        try:
            async with asyncio.timeout(timeout):
                await self._discord.world.until(
                    lambda: self.message is not None and met(self.message)
                )
        except TimeoutError:
            shown = self.message.text if self.message else "no message"
            raise TimeoutError(f"after {timeout} s the reply still is: {shown}") from None
        if self.message is None:
            raise LookupError("the reply was deleted")
        return self.message

    async def settled(self, timeout: float = 30) -> Message:  # noqa: ASYNC109 - in seconds
        """Wait until the original response has pictures, or no longer waits for anything."""
        return await self.until(lambda m: bool(m.attachments) or not waits(m), timeout)

    async def pictures(self) -> list[bytes]:
        """Download the attachments of the original response through the CDN."""
        if self.message is None:
            raise LookupError("there is no reply to take pictures from")
        cdn = self._discord.cdn
        return [await self._discord.download(cdn.url(a)) for a in self.message.attachments]


class Visitor:
    """A user in a channel. Every act returns once the bot acknowledged it.

    Raises NotAcknowledged when the bot does not, CannotSend for what no client would send.
    """

    def __init__(
        self, discord: LocalDiscord, user: User, channel: Channel, *, locale: str = "en-US"
    ) -> None:
        self._discord = discord
        self.user = user
        self.channel = channel
        self.locale = locale

    @property
    def member(self) -> Member:
        """The visitor as a member of the channel's server."""
        if self.channel.guild is None:
            raise LookupError("in direct messages nobody is a member")
        return self.channel.guild.members[self.user.id]

    def say(self, text: str = "", *uploads: Upload) -> Message:
        """Write a message of one's own into the channel."""
        world, cdn = self._discord.world, self._discord.cdn
        message = Message(world.snowflake(), self.channel, self.user, world.now(), content=text)
        message.attachments = [
            cdn.store(self.channel.id, u.filename, u.data, content_type=u.content_type)
            for u in uploads
        ]
        return world.post(message)

    def forward(self, message: Message) -> Message:
        """Forward a message into the channel, as it is now."""
        world = self._discord.world
        copy = Message(world.snowflake(), self.channel, self.user, world.now(), forwards=message)
        return world.post(copy)

    async def use(self, command: str, /, **options: Any) -> Reply:
        """Send a slash command by name, e.g. "quota show" with user=bob."""
        found, form = self._find(command), self._form()
        return await self._send(
            COMMAND, self._command(found, form, form.fill(found.options, options))
        )

    async def imagine(self, prompt: str, **options: Any) -> Reply:
        """Ask for a picture in words."""
        return await self.use("imagine", prompt=prompt, **options)

    async def restyle(self, image: Upload | bytes, **options: Any) -> Reply:
        """Use /restyle on an upload; bare bytes are sent as photo.jpg."""
        upload = image if isinstance(image, Upload) else Upload("photo.jpg", image)
        return await self.use("restyle", image=upload, **options)

    async def type(self, command: str, option: str, text: str, **filled: Any) -> list[JSON]:
        """Take the choices offered after typing `text` into an option; `filled` are the others."""
        found, form = self._find(command), self._form()
        wanted = next((o for o in found.options if o["name"] == option), None)
        if wanted is None or not wanted.get("autocomplete"):
            raise CannotSend(f"option {option!r} of /{command} has no autocomplete")
        options = form.fill(found.options, filled, complete=False)
        options.append({"name": option, "type": wanted["type"], "value": text, "focused": True})
        reply = await self._send(AUTOCOMPLETE, self._command(found, form, options))
        return reply.interaction.choices

    async def menu(self, name: str, target: Message | Member) -> Reply:
        """Use a context menu command on a message or a member."""
        kind = 3 if isinstance(target, Message) else 2
        found, form = self._discord.commands.find(name, self.channel.guild, kind), self._form()
        if isinstance(target, Message):
            self._see(target)
            shown = message_payloads.message(target, self._discord.cdn)
            form.resolved["messages"] = {target.id: shown}
        else:
            form.resolve(target)
        data = self._command(found, form, []) | {"target_id": target.id}
        return await self._send(COMMAND, data)

    async def press(
        self, message: Message, label: str | None = None, *, custom_id: str | None = None
    ) -> Reply:
        """Press a button by its label or custom id."""
        wanted = {"label": label, "custom_id": custom_id}
        asked = {key: value for key, value in wanted.items() if value is not None}
        button = self._component(message, {2}, asked)
        return await self._use_component(message, button, {})

    async def choose(self, message: Message, *values: Any, custom_id: str | None = None) -> Reply:
        """Choose in a select menu (the only one, or that of the custom id)."""
        asked = {} if custom_id is None else {"custom_id": custom_id}
        select = self._component(message, SELECTS, asked)
        form = self._form()
        chosen = {"values": selected(select, values, form)}
        return await self._use_component(message, select, chosen | _resolved(form))

    async def submit_modal(self, opened: Reply, values: dict[str, Any]) -> Reply:
        """Fill in and submit the modal a reply opened; keys are custom ids or label texts."""
        modal, form = opened.modal, self._form()
        if modal is None:
            raise CannotSend("no modal is open")
        left = dict(values)
        parts = [submitted(part, left, form) for part in modal["components"]]
        if left:
            raise CannotSend(f"the modal has no {sorted(left)}")
        data = {"custom_id": modal["custom_id"], "components": parts, **_resolved(form)}
        trigger = opened.interaction
        return await self._send(MODAL, data, source=trigger.source, trigger=trigger)

    def _form(self) -> Form:
        return Form(self._discord.cdn, self.channel)

    def _find(self, command: str) -> Found:
        return self._discord.commands.find(command, self.channel.guild)

    def _command(self, found: Found, form: Form, options: list[JSON]) -> JSON:
        command = found.command
        data = {"id": command["id"], "name": command["name"], "type": command["type"]}
        place = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        return data | place | {"options": nest(found.path, options)} | _resolved(form)

    def _see(self, message: Message) -> None:
        only = message.recipient or message.channel.recipient
        if message.deleted or only not in (None, self.user):
            raise CannotSend("this visitor does not see that message")

    def _component(self, message: Message, kinds: set[int], asked: JSON) -> JSON:
        self._see(message)
        for part in walk(message.components):
            if part["type"] in kinds and asked.items() <= part.items():
                if part.get("disabled") or not part.get("custom_id"):
                    raise CannotSend(f"{asked} is disabled or a link")
                return part
        raise CannotSend(f"the message has no component {asked}, only {message.buttons}")

    async def _use_component(self, message: Message, part: JSON, more: JSON) -> Reply:
        data = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"]}
        return await self._send(COMPONENT, data | more, source=message)

    async def _send(
        self,
        kind: int,
        data: JSON,
        *,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Reply:
        interaction = self._discord.interactions.begin(
            kind,
            self.user,
            source.channel if source else self.channel,
            data,
            locale=self.locale,
            source=source,
            trigger=trigger,
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(interaction.answered.wait(), ACK_WITHIN_S)
        if interaction.acked_after_s is None:
            name = data.get("name") or data.get("custom_id")
            raise NotAcknowledged(f"{name!r} was not acknowledged within {ACK_WITHIN_S:.0f} s")
        return Reply(self._discord, interaction)


def _resolved(form: Form) -> JSON:
    """Show what ids stand for, in another order than they were chosen: Discord promises none."""
    if not form.resolved:
        return {}
    backwards = {kind: dict(reversed(things.items())) for kind, things in form.resolved.items()}
    return {"resolved": backwards}
