"""Why a server's settings refuse a request, and why settings themselves are refused."""

from typing import Any

from bot.domain.errors import NotPossible
from bot.domain.wording import mentions
from bot.domain.wording.quoting import Markup

_CHANNELS_SHOWN = 5


class NoPicturesHere(NotPossible):
    """`channel_ids` are those where pictures may be made."""

    @property
    def template(self) -> str:
        """The sentence for a few channels, or for so many that not all are named."""
        if len(self.facts["channel_ids"]) <= _CHANNELS_SHOWN:
            return "In this server pictures are made in {channels}, and not here."
        return "In this server pictures are made in {channels} and {more} more, and not here."

    @property
    def gaps(self) -> dict[str, Any]:
        """The channels, as clients show them."""
        channel_ids = self.facts["channel_ids"]
        shown = map(mentions.channel, channel_ids[:_CHANNELS_SHOWN])
        return {"channels": Markup(", ".join(shown)), "more": len(channel_ids) - _CHANNELS_SHOWN}


class EngineNotForRole(NotPossible):
    """`engines` are those of theirs."""

    sentence = (
        "That needs the engine “{engine}”, which this server’s moderators have not given to your "
        "roles. You may use: {engines}."
    )


class StyleNotForRole(NotPossible):
    """`styles` are those of theirs."""

    sentence = (
        "The style “{style}” is not among those that this server’s moderators have given to your "
        "roles. You may use: {styles}."
    )


class PrivateNotAllowed(NotPossible):
    sentence = (
        "This server’s moderators do not allow results that only one person sees. Ask for it "
        "again without `private`."
    )


class TooManyChannels(NotPossible):
    sentence = "At most {limit} channels can be chosen; remove one first."


class TooManyRoles(NotPossible):
    sentence = "At most {limit} roles can have engines of their own; reset one first."


class NoEngineCalled(NotPossible):
    sentence = "There is no engine “{engine}”. Take their names from the list."


class NoStyleCalled(NotPossible):
    sentence = "No engine has the style “{style}”. Take their names from the list of `/styles`."


class NoRatioCalled(NotPossible):
    sentence = "No engine draws in the ratio “{ratio}”. Name one such as 16:9."


class NoEngineChosen(NotPossible):
    sentence = (
        "Choose at least one engine; `/block add` keeps a role from asking for pictures at all."
    )


class NoNumber(NotPossible):
    """`least` and `most` are what is taken."""

    sentence = "“{text}” is not possible: it takes a number from {least} to {most}, or nothing."


class ChannelOrEverywhere(NotPossible):
    sentence = (
        "Choose a channel, or set `everywhere` to True to let pictures be made in all of them: one "
        "of the two."
    )


class ApprovalOrOff(NotPossible):
    sentence = (
        "Name days or a role, or set `off` to True to let everybody ask without a yes: one of the "
        "two."
    )


class RuleOrReset(NotPossible):
    sentence = (
        "Name engines or styles, or set `reset` to True to take a role’s rule away: one of the two."
    )


class EveryoneIsTrusted(NotPossible):
    sentence = "@everyone cannot be the trusted role: everybody has it, so nobody would wait."


class RoleAboveOwn(NotPossible):
    sentence = (
        "{role_id:role} stands above Easel’s own role. Drag Easel’s role above it in the server’s "
        "settings under Roles, then choose it again."
    )


class RoleOfApp(NotPossible):
    sentence = (
        "{role_id:role} is the role of an app, which no member can have. Choose one that members "
        "have."
    )


class RoleGone(NotPossible):
    sentence = "That role is no longer in this server. Choose another one."
