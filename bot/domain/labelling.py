"""What a result must say of itself, put together from its job, its server and its operator."""

from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import Job
from bot.domain.labels.label import Label, LabelRules
from bot.domain.labels.origin import Origin, origin_of
from bot.domain.labels.wording import label_words

_NAMED = "Discord user {}"  # names change, and a worker that labels knows the id alone


def label_of(
    job: Job, engine: Engine | None, settings: GuildSettings, rules: LabelRules, *, now: float
) -> Label:
    """Return what a job's pictures must say of themselves; `now` only where nothing says when.

    `engine` is None where the catalogue no longer has it.
    """
    origin = origin_of(
        is_modified=job.order.is_modified, is_drawn=engine is not None and not engine.has_model
    )
    return Label(
        text=words_for(settings, rules, origin),
        producer=rules.producer,
        job_id=job.id,
        system=engine.title if engine else job.order.engine,
        system_version=engine.version if engine else "",
        origin=origin,
        created_at=job.drawn_at or now,
        corner=settings.label_corner,
        marked=engine.marked if engine else None,
        prompt=(job.order.options.prompt or "") if rules.tells_prompts else "",
        asker=_NAMED.format(job.order.destination.user_id) if rules.tells_prompts else "",
    )


def words_for(settings: GuildSettings, rules: LabelRules, origin: Origin) -> str:
    """Return the words of a label: the server's own, its language's, the operator's, or English."""
    own = settings.label_words.of(origin)
    if own is None and settings.label_language is None:
        own = rules.words.of(origin)
    return own or label_words(settings.label_language, origin)
