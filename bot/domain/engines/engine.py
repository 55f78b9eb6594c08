"""Engines: what members choose from, and what the API behind each takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.engines.settings import rect_of
from bot.domain.engines.sizes import PixelRule
from bot.domain.jobs.job import Options
from bot.domain.jobs.limits import PictureLimits
from bot.domain.labels.corners import Corner, Rect


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine's API accepts; lengths in characters, empty or zero means "not offered".

    `references` is the most input pictures, `pictures_max_bytes` what they may have together
    before Base64. `only_without_picture` are options that the API ignores once it has a picture.
    `extends`: a picture is extended to `ratio`, which must be given and not its own already, to at
    most `growth_max` times its area, 0 = any.
    `styled_subjects` are the subjects that styles are for, empty for any; `filter_min_side` is
    what the filter asks of a picture, in pixels. `sites` are the cloud's sites that offer the
    API. `improve`: the API may reword a prompt; with `improve_or_seed` it ignores a
    seed meanwhile. `backgrounds` are what it draws a picture on;
    `style_image`: one picture more shows the style. `sides` are where it continues a picture
    beyond its edges, `repairs` what it mends. `enlarges_to` is the longest side that it enlarges a
    picture to, in pixels, 0 where it does not. `settings` are what the operator may fix for an
    engine: each with the texts it may be, empty for any text.
    """

    commands: tuple[str, ...]
    prompt_max: int = 0
    prompt_required: bool = False
    negative_max: int = 0
    styles: Mapping[str, str] = field(default_factory=dict)
    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    pixels: PixelRule | None = None
    references: int = 0
    strength: bool = False
    seed: bool = False
    count_max: int = 1
    enhance: bool = False
    faces_max: int = 0
    subjects: tuple[str, ...] = ()
    styled_subjects: tuple[str, ...] = ()
    filter: bool = False
    filter_min_side: int = 0
    improve: bool = False
    improve_or_seed: bool = False
    backgrounds: tuple[str, ...] = ()
    style_image: bool = False
    sides: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    extends: bool = False
    growth_max: float = 0.0
    enlarges_to: int = 0
    picture: PictureLimits = field(default_factory=PictureLimits)
    pictures_max_bytes: int = 0
    only_without_picture: tuple[str, ...] = ()
    sites: tuple[str, ...] = ("international", "mainland")
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def offered(self) -> dict[str, bool]:
        """Tell for every optional wish whether it is taken, in the order of the slash commands."""
        return {
            "prompt": self.prompt_max > 0,
            "style": bool(self.styles),
            "strength": self.strength,
            "negative": self.negative_max > 0,
            "ratio": bool(self.ratios),
            "size": bool(self.sizes) or self.pixels is not None,
            "seed": self.seed,
            "count": self.count_max > 1,
            "enhance": self.enhance,
            "faces": self.faces_max > 0,
            "subject": bool(self.subjects),
            "filter": self.filter,
            "improve": self.improve,
            "background": bool(self.backgrounds),
            "style_image": self.style_image,
            "extend": bool(self.sides),
            "repair": bool(self.repairs),
        }

    def left_by(self, settings: Mapping[str, str]) -> "Capabilities":
        """Return what is left to choose: nothing, where the operator named a template."""
        if "definition" not in settings:
            return self
        return replace(self, sizes=(), repairs=(), enlarges_to=0)

    def styles_for(self, subject: str | None) -> Mapping[str, str]:
        """Return the styles that go with a subject; all of them where none was chosen."""
        is_for_all = subject is None or not self.styled_subjects
        return self.styles if is_for_all or subject in self.styled_subjects else {}

    def picture_of(self, count: int) -> PictureLimits:
        """Return what each of `count` input pictures is fitted to, so that all fit one request."""
        if not self.pictures_max_bytes:
            return self.picture
        return self.picture.at_most(self.pictures_max_bytes // max(count, 1))


@dataclass(frozen=True, slots=True)
class Engine:
    """One choice of the `engine` option; `called` is what results name it.

    `good_for` says in a few words what to choose it for.

    `price_usd` is per picture, 0 = unknown; `prices` has those of sizes that differ. `assumed_usd`
    is what a picture of unknown price counts against budgets, never what it costs. An empty
    `endpoint` or `region` is the one of the environment. `settings` are fixed by the operator.
    """

    name: str
    provider: str
    pool: str
    capabilities: Capabilities
    called: str = ""
    good_for: str = ""
    action: str = ""
    model: str = ""
    version: str = ""
    price_usd: float = 0.0
    assumed_usd: float = 0.0
    prices: Mapping[str, float] = field(default_factory=dict)
    bill_refused: bool = True
    endpoint: str = ""
    region: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How a result names what made it, e.g. "Tencent VOD GG 3.0"."""
        if self.called:
            return self.called
        if not self.has_model:
            return "local (drawn by this bot, no AI model)"
        return f"Tencent VOD {self.model} {self.version}" if self.model else self.action

    @property
    def marked(self) -> Corner | Rect | None:
        """Where the provider draws a mark of its own, None where it draws none.

        A text stands at the bottom on the right (seed 003); the operator's logo there, too, or in
        an area of its own.
        """
        settings = self.settings
        if settings.get("mark") != "on" and settings.get("logo_add") != "Enabled":
            return None
        rect = settings.get("logo_rect") if settings.get("logo") else None
        return rect_of(rect) if rect else Corner.BOTTOM_RIGHT

    @property
    def has_model(self) -> bool:
        """Whether a model makes its pictures, and not a program that draws them."""
        return self.provider != "local"

    @property
    def is_free(self) -> bool:
        """Whether nobody is paid for a picture, so that 0 is its price and not an unknown one."""
        return not self.has_model

    @property
    def lacks_price(self) -> bool:
        """Whether the price of some size is unknown."""
        return not self.is_free and (not self.price_usd or 0.0 in self.prices.values())

    def price_of(self, options: Options) -> float:
        """Return what one picture of this size costs, in USD; 0 = nothing or unknown."""
        return self.prices.get(options.size or "", self.price_usd)

    def assumed_of(self, options: Options) -> float:
        """Return what one picture counts against budgets in place of a price, in USD."""
        return 0.0 if self.is_free or self.price_of(options) else self.assumed_usd
