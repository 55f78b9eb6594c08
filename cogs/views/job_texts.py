"""How a job is named in a list: its first words and the link to its message."""

from bot.domain.jobs.job import Job
from bot.domain.wording.quoting import Markup, in_one_line, quoted, shortened

_WORDS = 50  # characters


def words_of(job: Job) -> str:
    """Return the beginning of a job's prompt, or its command where it has none, as plain text."""
    return shortened(in_one_line(job.order.options.prompt) or f"/{job.order.command}", _WORDS)


def quoted_words_of(job: Job) -> Markup:
    """Return the same as markdown."""
    return quoted(words_of(job))


def link_to(job: Job) -> str:
    """Return a link to a job's message, with what sets it off; "" where there is none to show."""
    address = address_of(job)
    return f" · [message]({address})" if address else ""


def address_of(job: Job) -> str:
    """Return the address of a job's message; "" where there is none to show."""
    to = job.order.destination
    channel_id = job.posted_channel_id or to.channel_id
    message_id = job.posted_message_id or to.message_id
    if message_id is None or to.private:
        return ""
    is_direct = to.guild_id is None or channel_id != to.channel_id
    return address_of_message(None if is_direct else to.guild_id, channel_id, message_id)


def address_of_message(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the address under which clients open a message; of a direct one without a server."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"
