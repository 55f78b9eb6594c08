"""Why a chart is not drawn."""

from bot.domain.errors import NotPossible


class ChartNotDrawn(NotPossible):
    sentence = "The chart could not be drawn. The numbers are all here; try again for the picture."
