"""What /privacy says: what is kept how long, where it goes, what an erasure takes and leaves."""

from bot.domain.wording.durations import in_words
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import Operator, say

REMIX = {
    True: "Others may restyle your pictures now: what is made for you, and what you post.",
    False: (
        "Others may not restyle your pictures now: neither what is made for you nor what you post."
    ),
    None: (
        "You have no say set now, so it is as for everybody: others may restyle what is made for "
        "you, but not what you post, unless a server’s moderators decide otherwise."
    ),
}

_KEPT = (
    "-# Prompts and pictures go to Tencent Cloud, whose image service works on them. Here pictures "
    "are kept for {pictures} and prompts for {prompts} after a job’s end; what was used and what "
    "it cost stays in the ledger of {operator}. Whatever Discord shows stays there until it is "
    "deleted there."
)

EXPORT_FIRST = (
    "This is what is kept of you: `data.json` has every row, the folders have your uploads and "
    "results, one for each job."
)
EXPORT_MORE = "Part {number} of it, with further pictures."
EXPORT_MISSING = "{missing} pictures are larger than a file here may be, so they are not in it."
EXPORT_MISSING_ONE = "1 picture is larger than a file here may be, so it is not in it."
EXPORT_CUT_SHORT = (
    "There are more pictures than fit into the time that Discord gives for an answer. Ask again "
    "once some of them are no longer kept, or write to {operator}."
)

_ERASE = (
    "**Erase what is kept of you, in every server?**\n"
    "Gone for good: your prompts, your uploads and the kept results, your defaults and other "
    "settings, your reports, and your name in moderators’ records.\n"
    "Kept, under a number that names nobody: what you used and what it cost, quotas, extra "
    "pictures and blocks, so that no limit begins anew.\n"
    "Not touched: messages with your pictures in Discord. Delete those first, with *Delete* under "
    "each; afterwards it is no longer known whose they are. What log channels have told "
    "moderators of you within the last 90 days is taken out there, where I may still edit it; what "
    "is older stays until moderators delete it."
)
_ERASE_LIVE = (
    "Your jobs that wait or are at work are cancelled, too: {live}. One whose request was sent "
    "already counts, and what is left of it is erased when it has ended."
)
ERASED = "Erased. Nothing that is kept here names you any more."
ERASED_BUT_LIVE = (
    "Erased, but for jobs that are still at work: their rest is erased within minutes of their end."
)


def kept_text(pictures_s: float, prompts_s: float, operator: Operator) -> Markup:
    """Return what is kept how long, and where it goes."""
    spans = {"pictures": in_words(pictures_s), "prompts": in_words(prompts_s)}
    return say(_KEPT, operator=operator.called, **spans)


def erase_text(live: int, kept: Markup) -> Markup:
    """Return the question before anything is erased."""
    parts = [say(_ERASE), say(_ERASE_LIVE, live=live) if live else "", kept]
    return Markup("\n\n".join(part for part in parts if part))
