"""What the operator's file, `easel.toml`, may hold; a key that is not here is an error."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

from bot.domain.engines.engine import Capabilities
from bot.domain.engines.sizes import PixelRule
from bot.domain.jobs.limits import PictureLimits
from bot.domain.labels.errors import LabelWordsRefused
from bot.domain.labels.label import LabelRules
from bot.domain.labels.wording import OwnWords
from bot.domain.wording.durations import seconds_of

_APART = "apart"
# Plain http, too: what a timestamp server answers is signed.
_SERVER = r"^$|^https?://[^/?#@\s]+(/[^\s]*)?$"
_MOST_OF_PRODUCER = 200
_HOST = re.compile(r"\.?([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*")


def _span(value: object) -> float:
    # A bare number has no unit: 6 hours meant, 6 seconds taken, and every picture would be cleared.
    if not isinstance(value, str):
        raise ValueError('write a number and m, h, d or w in quotes, for example "30d"')  # noqa: TRY004 - pydantic's
    return seconds_of(value)


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError("write media.example.com, or .example.com for all hosts below it")
    return text.lower()


def _label_words(text: str) -> str:
    if not text.strip():
        return ""
    # Pillow, which most commands do without, only where somebody chose words of their own.
    from bot.imaging.labels.words import drawable_words  # noqa: PLC0415 - the same

    try:
        return drawable_words(text)
    except LabelWordsRefused as error:
        raise ValueError(str(error)) from error


def _producer(text: str) -> str:
    """Return a name as it stands in every picture: a JPEG has room for 64 KiB of metadata."""
    name = " ".join(text.split())
    if len(name) > _MOST_OF_PRODUCER or not name.isprintable():
        raise ValueError(f"write a name of at most {_MOST_OF_PRODUCER} letters that can be seen")
    return name


def _known_keys(value: object) -> object:
    """Refuse unknown keys, which a dataclass of the domain would pass over in silence."""
    parts: list[tuple[str, type[Capabilities | PictureLimits | PixelRule], object]] = [
        ("", Capabilities, value)
    ]
    if isinstance(value, dict):
        parts += [("picture.", PictureLimits, value.get("picture"))]
        parts += [("pixels.", PixelRule, value.get("pixels"))]
    for where, kind, part in parts:
        known = {field.name for field in fields(kind)} | ({_APART} if not where else set())
        unknown = set(part) - known if isinstance(part, dict) else set()
        if unknown:
            names = ", ".join(sorted(f"{where}{key}" for key in unknown))
            raise ValueError(f"no such key: {names}; known: {', '.join(sorted(known))}")
    return value


_Provider = Literal["aiart", "vod", "local"]
Producer = Annotated[str, AfterValidator(_producer)]
LabelWords = Annotated[str, AfterValidator(_label_words)]
Seconds = Annotated[float, BeforeValidator(_span), Field(ge=0)]
Price = Annotated[float, Field(ge=0)]
Host = Annotated[str, AfterValidator(_host)]
"""A host name such as "media.example.com", or with a leading dot all names below it."""
TakesSection = Annotated[Capabilities, BeforeValidator(_known_keys)]
TakesRow = Annotated[dict[str, Any], BeforeValidator(_known_keys)]
"""What a row of `takes` says itself, before `with_common` adds the rest."""

# The key travels with every call, so plain http is for this machine's own stand-ins alone.
ADDRESS = r"^(https://[^/?#@]+|http://(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?)$"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AccessSection(_Section):
    """Who may use the bot."""

    guilds: tuple[int, ...] = ()
    direct_messages: StrictBool = False


class Pool(_Section):
    """One concurrency quota of the cloud account."""

    concurrency: int = Field(ge=1)
    requests_per_second: float | None = Field(default=None, gt=0)


class Limits(_Section):
    """What runs and waits at once."""

    per_guild: int = Field(default=2, ge=1)
    per_user: int = Field(default=1, ge=1)
    queued_per_user: int = Field(default=10, ge=1)
    max_wait: Seconds = Field(default=6 * 3600.0, gt=0)
    retry_unknown: StrictBool = False


class Quotas(_Section):
    """The operator's own ceilings; 0 = none, -1 = unlimited.

    `assumed_usd` is what a picture of unknown price counts against budgets, 0 = nothing.
    """

    user_per_day: int = Field(default=20, ge=-1)
    guild_per_day: int = Field(default=200, ge=-1)
    account_usd_per_month: float = Field(default=50.0, ge=-1)
    # More than most of VOD's models cost, so that a budget holds before prices are set.
    assumed_usd: float = Field(default=0.15, ge=0)


class Retention(_Section):
    """How long pictures and prompts are kept, in seconds."""

    pictures: Seconds = 30 * 86400.0
    prompts: Seconds = 180 * 86400.0

    @property
    def kept(self) -> tuple[float, float]:
        """Both, the pictures' first."""
        return self.pictures, self.prompts


class LabelSection(_Section):
    """What every picture says of how it was made, and by whom."""

    producer: Producer = ""
    generated: LabelWords = ""
    modified: LabelWords = ""
    prompts: StrictBool = False
    timestamp: str = Field(default="", pattern=_SERVER)
    watermark: str = ""

    @property
    def rules(self) -> LabelRules:
        """The same, as labels are made by."""
        words = OwnWords(self.generated or None, self.modified or None)
        return LabelRules(self.producer or "Easel", words, tells_prompts=self.prompts)


class OperatorSection(_Section):
    """Who runs this bot, as members read it."""

    name: str = ""
    contact: str = ""


class ResultsSection(_Section):
    """Where results may be fetched from besides Tencent's own hosts."""

    hosts: tuple[Host, ...] = ()


class Package(_Section):
    """Prepaid or free calls of the cloud account."""

    pool: str
    images: int = Field(ge=1)
    expires: date


class EngineRow(_Section):
    """What the file says of an engine: of a shipped one only what is to differ.

    `first` puts it before the others, several in the order of the file.
    """

    provider: _Provider | None = None
    pool: str | None = None
    called: str = ""
    good_for: str = Field(default="", max_length=60)
    action: str = ""
    model: str = ""
    version: str = ""
    price_usd: float = Field(default=0.0, ge=0)
    prices: dict[str, Price] = {}
    bill_refused: StrictBool = True
    endpoint: str = Field(default="", pattern=f"^$|{ADDRESS}")
    region: str = ""
    settings: dict[str, str] = {}
    first: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _has_a_whole_name(cls, row: object) -> object:
        """Explain [engines.gg-3.0]: to TOML that is the table "0" in an engine "gg-3"."""
        held = row.items() if isinstance(row, dict) else ()
        if any(isinstance(value, dict) and key not in cls.model_fields for key, value in held):
            raise ValueError('write a name with a dot in quotes, as in [engines."gg-3.0"]')
        return row


class EngineEntry(EngineRow):
    """One engine with all that is said of it."""

    provider: _Provider
    pool: str

    @property
    def takes(self) -> str:
        """The catalogue's key for what this engine's API accepts."""
        return " ".join(filter(None, (self.provider, self.action, self.model, self.version)))


class FileSettings(_Section):
    """What `easel.toml` may hold."""

    access: AccessSection = AccessSection()
    pools: dict[str, Pool] = {}
    limits: Limits = Limits()
    quotas: Quotas = Quotas()
    retention: Retention = Retention()
    label: LabelSection = LabelSection()
    operator: OperatorSection = OperatorSection()
    results: ResultsSection = ResultsSection()
    packages: tuple[Package, ...] = ()
    engines: dict[str, EngineRow] = {}
    takes: dict[str, TakesRow] = {}
    specifications: dict[str, str] = {}


def with_common(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Complete each row of `takes` by those of its key's first words.

    The row "vod" says what all of VOD's models take, and "vod GG 3.0" what differs. Tables in them,
    such as `settings`, are joined; anything else replaces.

    A row that stands `apart` takes nothing over from shorter keys.
    """
    return {
        key: _completed([rows[part] for part in _beginnings(key) if part in rows]) for key in rows
    }


def _completed(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    last_apart = max((at for at, row in enumerate(parts) if row.get(_APART)), default=0)
    whole = joined(parts[last_apart:])
    whole.pop(_APART, None)
    return whole


def _beginnings(key: str) -> list[str]:
    words = key.split()
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)]


def joined(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one row of several: a later one's keys replace, but tables are joined."""
    whole: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            earlier = whole.get(name)
            if isinstance(earlier, dict) and isinstance(value, dict):
                whole[name] = {**earlier, **value}
            else:
                whole[name] = value
    return whole
