"""What may become of a picture that was made and paid, other than reaching its member."""

from bot.domain.provider_errors import OutcomeUnknown


class ResultLost(OutcomeUnknown):
    """Made and paid, but its address or its bytes are no good."""

    sentence = (
        "The picture was made, but it could not be fetched from the service. "
        "Your quota was given back, so you can try again."
    )


class ResultUnreadable(OutcomeUnknown):
    """Made, paid, fetched and kept; without a label nothing is posted."""

    sentence = (
        "What the service made cannot be read by this version of Easel, so it cannot be labelled "
        "and is not posted. It is kept: /result posts it once Easel can read it. Your quota was "
        "given back."
    )
