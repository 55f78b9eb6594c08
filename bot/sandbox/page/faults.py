"""One fault of each class that an image API may answer with, as a knob lets it happen once."""

from dataclasses import dataclass
from typing import Final

from bot.sandbox.tencent.script import Script

# The actions that make pictures; looking after a task is not among them.
ACTIONS: Final = (
    "CreateAigcImageTask",
    "ImageToImage",
    "RefineImage",
    "ImageOutpainting",
    "SketchToImage",
    "GenerateAvatar",
)


@dataclass(frozen=True)
class ApiFault:
    """What the next call meets, and what is said when it is set."""

    label: str
    said: str
    script: Script


FAULTS: Final = {
    "busy": ApiFault(
        "no free place",
        "The next call is told that too many tasks are at work; the bot tries again.",
        Script("RequestLimitExceeded.JobNumExceed", "Too many tasks are in work."),
    ),
    "server": ApiFault(
        "a server fault",
        "The next call fails inside the API, which made nothing; the bot tries again.",
        Script("FailedOperation.InnerError", "Internal error."),
    ),
    "moderated": ApiFault(
        "a refusal by review",
        "The next prompt is refused by the API's review; nothing is used from the quota.",
        Script("OperationDenied.TextIllegalDetected", "The text is illegal."),
    ),
    "input": ApiFault(
        "an unreadable picture",
        "The next call is told that its picture cannot be read.",
        Script("FailedOperation.ImageDecodeFailed", "The picture cannot be decoded."),
    ),
    "operator": ApiFault(
        "an unpaid bill",
        "The next call is told that the account owes money; the operator is told, too.",
        Script("ResourceUnavailable.InArrears", "The account is in arrears."),
    ),
    "gone": ApiFault(
        "an API taken offline",
        "The next call is told that its API is no more.",
        Script("ActionOffline", "The action has been taken offline."),
    ),
    "bug": ApiFault(
        "a wrong parameter",
        "The next call is told that one of its parameters is wrong.",
        Script("MissingParameter", "A parameter is missing."),
    ),
    "unknown": ApiFault(
        "a lost answer",
        "The next call is carried out, and its answer lost: nobody pays for it a second time.",
        Script(when="after", drop=True),
    ),
    "unsent": ApiFault(
        "a broken line",
        "The next call's connection breaks before any work is done; it is sent again only where "
        "that cannot be paid twice.",
        Script(drop=True),
    ),
}
