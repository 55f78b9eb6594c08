"""What a result says of itself, and what of that its operator chooses."""

from dataclasses import dataclass, field

from bot.domain.labels.corners import Corner, Rect
from bot.domain.labels.origin import Origin
from bot.domain.labels.wording import OwnWords


@dataclass(frozen=True, slots=True)
class Label:
    """What a result says of itself, in the pixels and in the metadata.

    `text` is drawn in a `corner`, None for the calmest one, and never over `marked`, where the
    provider's own mark stands: a corner, or an area of the result. `producer` names who runs the
    bot; `system` what made the picture; `created_at` is unix seconds. `prompt` and `asker` stand
    in the metadata unless empty.
    """

    text: str
    producer: str
    job_id: str
    system: str
    system_version: str = ""
    origin: Origin = Origin.GENERATED
    created_at: float = 0.0
    corner: Corner | None = None
    marked: Corner | Rect | None = None
    prompt: str = ""
    asker: str = ""


@dataclass(frozen=True, slots=True)
class LabelRules:
    """What the operator sets for all labels; `tells_prompts`: and who asked, in the metadata."""

    producer: str
    words: OwnWords = field(default_factory=OwnWords)
    tells_prompts: bool = False
