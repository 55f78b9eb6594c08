"""Why a job ended that no image API had a say in: its time was over, or somebody ended it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from bot.domain.errors import EaselError
from bot.domain.jobs.reasons.denial import Denial, DenyReason


class Expired(EaselError):
    """Its time to wait was over."""

    @property
    @override
    def code(self) -> str:
        """One for all of them."""
        return "Expired"


class Cancelled(EaselError):
    """Its asker, a moderator or a removal from the server ended it."""

    @property
    @override
    def code(self) -> str:
        """One for all of them."""
        return "Cancelled"


class NoPlaceInTime(Expired):
    sentence = (
        "No place came free within {waited_s:duration}. Nothing was used from your quota. Try "
        "again when less is waiting, or choose another engine."
    )


class NotApprovedInTime(Expired):
    sentence = (
        "No moderator looked at it within 24 hours. Nothing was used from your quota, and nothing "
        "was sent to the service."
    )


_NOT_APPROVED: Mapping[DenyReason, str] = MappingProxyType(
    {
        DenyReason.RULES: (
            "A moderator did not approve it: it is against the rules of this server. Nothing was "
            "used from your quota, and nothing was sent to the service."
        ),
        DenyReason.UNSUITED: (
            "A moderator did not approve it: it does not belong in this channel. Nothing was "
            "used from your quota, and nothing was sent to the service."
        ),
        DenyReason.PERSON: (
            "A moderator did not approve it: it is about a real person. Nothing was used from "
            "your quota, and nothing was sent to the service."
        ),
        DenyReason.PICTURE: (
            "A moderator did not approve it: the picture given may not be used. Nothing was used "
            "from your quota, and nothing was sent to the service."
        ),
        DenyReason.OTHER: (
            "A moderator did not approve it, for a reason of their own. Nothing was used from "
            "your quota, and nothing was sent to the service."
        ),
    }
)


class NotApproved(EaselError):
    """`reason` is a DenyReason, or its value."""

    @property
    @override
    def code(self) -> str:
        """What the ledger calls it."""
        return "Denied"

    @property
    @override
    def template(self) -> str:
        """The sentence for what the moderator chose."""
        return _NOT_APPROVED[DenyReason(self.facts["reason"])]


class NotApprovedBecause(NotApproved):
    """The same, and `text`: the moderator's own words."""

    sentence = "{not_approved} They say: {text}"

    @property
    @override
    def template(self) -> str:
        """The sentence around what the moderator chose and wrote."""
        return self.sentence

    @property
    @override
    def gaps(self) -> dict[str, Any]:
        """What the moderator chose, as a sentence, and what they wrote."""
        chosen = NotApproved(reason=self.facts["reason"])
        return {"not_approved": chosen, "text": self.facts["text"]}


class CancelledUnsent(Cancelled):
    sentence = "You cancelled it before it started. Nothing was used from your quota."


class CancelledUnsentByModerator(Cancelled):
    sentence = "A moderator cancelled it before it started. Nothing was used from your quota."


class CancelledByBlock(Cancelled):
    sentence = (
        "A moderator blocked you from asking for pictures here before it started. Nothing was used "
        "from your quota."
    )


class CancelledByDeparture(Cancelled):
    sentence = (
        "The bot was removed from the server before it started. Nothing was used from your quota."
    )


class CancelledSent(Cancelled):
    sentence = "You cancelled it while the service was at work, so it counts towards your quota."


class CancelledSentByModerator(Cancelled):
    sentence = (
        "A moderator cancelled it while the service was at work, so it counts towards your quota."
    )


class ToldEarlier(EaselError):
    """Of a version that kept its sentence, and not what it is made of: shown as it is."""

    sentence = "{text}"


def not_approved(denial: Denial) -> NotApproved:
    """Return why a job ended that a moderator said no to."""
    if denial.text:
        return NotApprovedBecause(reason=denial.reason, text=denial.text)
    return NotApproved(reason=denial.reason)
