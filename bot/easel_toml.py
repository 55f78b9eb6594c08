"""What the operator's file, `easel.toml`, may hold; a key that is not here is an error."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.spans import seconds_of


def _span(value: object) -> object:
    return seconds_of(value) if isinstance(value, str) else value


Seconds = Annotated[float, BeforeValidator(_span)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccessSection(_Section):
    """Who may use the bot."""

    guilds: tuple[int, ...] = ()
    direct_messages: bool = False


class Pool(_Section):
    """One concurrency quota of the cloud account."""

    concurrency: int = Field(ge=1)
    requests_per_second: float | None = Field(default=None, gt=0)


class Limits(_Section):
    """What runs and waits at once."""

    per_guild: int = Field(default=2, ge=1)
    per_user: int = Field(default=1, ge=1)
    queued_per_user: int = Field(default=10, ge=1)
    max_wait: Seconds = 6 * 3600.0
    retry_unknown: bool = False


class Quotas(_Section):
    """The operator's own ceilings; 0 = none, -1 = unlimited."""

    user_per_day: int = Field(default=20, ge=-1)
    guild_per_day: int = Field(default=200, ge=-1)
    account_usd_per_month: float = Field(default=50.0, ge=-1)


class Retention(_Section):
    """How long pictures and prompts are kept, in seconds."""

    pictures: Seconds = 30 * 86400.0
    prompts: Seconds = 180 * 86400.0


class LabelSection(_Section):
    """What every picture says of who made it."""

    producer: str = ""


class Package(_Section):
    """Prepaid or free calls of the cloud account."""

    pool: str
    images: int = Field(ge=1)
    expires: date


class EngineEntry(_Section):
    """One engine as the catalogue file names it."""

    provider: Literal["aiart", "vod", "local"]
    pool: str
    action: str = ""
    model: str = ""
    version: str = ""
    price_usd: float = Field(default=0.0, ge=0)
    bill_refused: bool = True

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
    packages: tuple[Package, ...] = ()
    engines: dict[str, EngineEntry] = {}
