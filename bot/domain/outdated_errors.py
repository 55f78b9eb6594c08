"""The refusals of what a member's Discord still shows, and this bot no longer knows."""

from bot.domain.errors import NotPossible


class CommandOutdated(NotPossible):
    sentence = (
        "This command was changed since your Discord loaded it. Reload Discord (Ctrl+R, or close "
        "and open the app) and use it again."
    )


class ButtonOutdated(NotPossible):
    sentence = (
        "This button does nothing any more: Easel was restarted since, or has changed. Use the "
        "command again."
    )


class FormOutdated(NotPossible):
    sentence = (
        "This form is no longer open: it was sent already, or Easel was restarted since. What was "
        "accepted still comes; else use the command again."
    )
