"""Whether somebody may restyle a picture: the owner's word, else the server's rule, else whose."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotPossible
from bot.domain.members.errors import OwnerForbids, OwnPicturesOnly, UploadNotShared, UploadOfABot


class RemixRule(StrEnum):
    """What a server allows: only one's own, as each member says, or uploads of the silent, too."""

    OWN = "own"
    MEMBERS = "members"
    UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a picture is; `is_result`: the bot made it for them, they did not post it.

    `is_person` is False for a webhook or another bot, which has no word of its own.
    """

    owner: int
    is_result: bool
    is_person: bool = True


def refusal_to_restyle(
    who: int, whose: Whose, rule: RemixRule, *, allows: bool | None
) -> NotPossible | None:
    """Return why somebody may not restyle a picture, None where they may.

    `allows` is what its owner has set, None for nothing: then results may be restyled, and what
    was posted may not. What an owner forbids, no server allows; one's own is always free.
    """
    if who == whose.owner:
        return None
    if allows is False:
        return OwnerForbids(owner=whose.owner)
    if rule is RemixRule.OWN:
        return OwnPicturesOnly(owner=whose.owner)
    if whose.is_result or allows or rule is RemixRule.UPLOADS:
        return None
    if not whose.is_person:
        return UploadOfABot(owner=whose.owner)
    return UploadNotShared(owner=whose.owner)
