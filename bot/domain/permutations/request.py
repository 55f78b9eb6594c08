"""A request for several pictures that waits for its member's yes, and what it comes to."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.jobs.job import Options

LIFE_S = 15 * 60.0  # contract


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """What is made once its member says yes: one job for each prompt, by the engine named.

    `id` is that of the interaction that asked, as a job's would be; `options` hold for every job,
    but for their prompt. `expires_at` is in unix seconds.
    """

    id: str
    user_id: int
    command: str
    engine: str
    options: Options
    prompts: tuple[str, ...]
    expires_at: float
    spoiler: bool = False
    private: bool = False

    @property
    def pictures(self) -> int:
        """How many pictures that are in all."""
        return len(self.prompts) * self.options.count

    def as_json(self) -> dict[str, Any]:
        """Return what is kept beside `id`, `user_id` and `expires_at`."""
        return {
            "command": self.command,
            "engine": self.engine,
            "options": asdict(self.options),
            "prompts": list(self.prompts),
            "spoiler": self.spoiler,
            "private": self.private,
        }


def pending_request_of(
    request_id: str, user_id: int, expires_at: float, kept: dict[str, Any]
) -> PendingRequest:
    """Return the request that `as_json` was made of."""
    return PendingRequest(
        id=request_id,
        user_id=user_id,
        command=kept["command"],
        engine=kept["engine"],
        options=Options(**kept["options"]),
        prompts=tuple(kept["prompts"]),
        expires_at=expires_at,
        spoiler=kept["spoiler"],
        private=kept["private"],
    )
