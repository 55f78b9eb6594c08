"""The words of reports: what moderators read of a refusal or a picture that they should look at."""

import hashlib
from collections.abc import Iterator

from bot.domain.jobs.job import Job
from bot.domain.members.reports import Report, ReportKind
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say
from bot.ports.delivery import Place
from cogs.views.job_texts import address_of, address_of_message

_PROMPT_SHOWN = 700  # characters; quoted they are at most twice as many, of the 2,000 of a message

_ASKED = (
    "**{by:member} asks you to look at a refusal.** The service’s review refused {job}, asked for "
    "with {command}, and they think that it was wrong."
)
_REPORTED = (
    "**{by:member} reports a picture.** It is {job}, which {asker:member} asked for with {command}."
)
_REPORTED_ONE = (
    "**{by:member} reports picture {number} of a result.** It is of {job}, which {asker:member} "
    "asked for with {command}."
)
_SEEN_AT = "It is here: {address}"
_PROMPT = "The prompt: ||{prompt}||"
_NO_PROMPT = "It has no prompt, or that is no longer kept."
_CHANGES_NOTHING = "-# This message changes nothing by itself."


def report_text(job: Job, report: Report, shown: Place | None) -> Markup:
    """Return what moderators are told; `shown` is where the message stands that it is about."""
    return Markup("\n".join(_sentences(job, report, shown)))


def _sentences(job: Job, report: Report, shown: Place | None) -> Iterator[Markup]:
    to = job.order.destination
    first = _first_of(report)
    command = coded(f"/{job.order.command}")
    yield say(
        first,
        by=report.user_id,
        asker=to.user_id,
        job=coded(job.id),
        command=command,
        number=report.picture,
    )
    address = address_of_message(to.guild_id, *shown) if shown else address_of(job)
    if address:
        yield say(_SEEN_AT, address=Markup(address))
    prompt = quoted(job.order.options.prompt, _PROMPT_SHOWN)
    yield say(_PROMPT, prompt=prompt) if prompt else say(_NO_PROMPT)
    yield say(_CHANGES_NOTHING)


def _first_of(report: Report) -> str:
    if report.kind is ReportKind.REFUSAL:
        return _ASKED
    return _REPORTED_ONE if report.picture else _REPORTED


def nonce_of(report: Report) -> str:
    """Return what makes one message of several tries within minutes, in any process."""
    said = f"{report.job_id}:{report.kind}:{report.user_id}:{report.picture}"
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()
