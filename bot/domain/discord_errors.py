"""Why the bot cannot be, or can no longer be, connected to Discord; for the operator."""

from bot.domain.errors import EaselError


class DiscordUnreachable(EaselError):
    sentence = "Discord cannot be reached ({why}). Check the network, and EASEL_DISCORD_API if set."


class GatewayEnded(EaselError):
    sentence = "Discord ended the connection that commands come by ({why})."


class NoSessionsLeft(EaselError):
    sentence = (
        "Discord lets this bot start {left} more gateway sessions until {again}, and it needs "
        "{needed}. It was started too often; at the limit Discord would reset its token."
    )
