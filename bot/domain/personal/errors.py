"""Why somebody does not get what is kept of them just now."""

from bot.domain.errors import NotPossible


class ExportUnderWay(NotPossible):
    sentence = "An export of yours is being put together already. It comes in a moment."


class NotYourErasure(NotPossible):
    sentence = "This button is somebody else’s. `/privacy erase` asks you about your own data."
