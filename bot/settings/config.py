"""Every setting, read once: environment, then `.env`, then `easel.toml`, then defaults."""

import os
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.domain.access import Access
from bot.domain.engines.account import CloudAccount, region_of, site_of
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.options import size_taken
from bot.domain.engines.settings import check_setting
from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import RunLimits
from bot.domain.labels.label import LabelRules
from bot.domain.operator_errors import SettingsError
from bot.domain.quotas.packages import Package
from bot.domain.quotas.quota import Ceilings
from bot.domain.wording.names import nearest
from bot.domain.wording.sentences import Operator
from bot.settings.easel_toml import (
    EngineEntry,
    FileSettings,
    Pool,
)
from bot.settings.engine_rows import (
    capabilities_of,
    catalogue_rows,
    engine_entries,
    shipped_rows,
)
from bot.settings.faults import explain
from bot.settings.variables import Variables

__all__ = ["Settings", "SettingsError", "Variables", "read_settings"]

# Each API has a quota of its own (aiart and VOD API pages, 2026-09).
_CONCURRENCY = {
    "aiart": 3,
    "aiart-text": 3,
    "aiart-lite": 1,
    "aiart-rapid": 1,
    "aiart-job": 1,
    "aiart-pro": 1,
    "aiart-refine": 1,
    "aiart-outpaint": 1,
    "aiart-sketch": 1,
    "aiart-avatar": 1,
    "local": 2,
}


@dataclass(frozen=True)  # without slots, so that what took long to read can be kept
class Settings:
    """Everything an operator can set."""

    variables: Variables
    file: FileSettings

    @property
    def access(self) -> Access:
        """Where the bot may be used."""
        section = self.file.access
        return Access(frozenset(section.guilds), section.direct_messages)

    @property
    def run_limits(self) -> RunLimits:
        """What may run at once, over the default pools and the operator's."""
        limits = self.file.limits
        return RunLimits(
            pools={name: pool.concurrency for name, pool in self.pools.items()},
            per_guild=limits.per_guild,
            per_user=limits.per_user,
            queued_per_user=limits.queued_per_user,
            max_wait_s=limits.max_wait,
        )

    @property
    def pools(self) -> dict[str, Pool]:
        """The account's concurrency quotas; the defaults are Tencent's own."""
        return {name: Pool(concurrency=most) for name, most in _CONCURRENCY.items()} | {
            "vod": Pool(concurrency=1, requests_per_second=20),
            **self.file.pools,
        }

    @property
    def ceilings(self) -> Ceilings:
        """The operator's limits above the moderators' quotas."""
        section = self.file.quotas
        return Ceilings(section.user_per_day, section.guild_per_day, section.account_usd_per_month)

    @property
    def operator(self) -> Operator:
        """Who runs this bot, as members read it."""
        section = self.file.operator
        return Operator(section.name, section.contact)

    @property
    def label_rules(self) -> LabelRules:
        """What every label says, as far as that is the operator's to choose."""
        return self.file.label.rules

    @property
    def packages(self) -> list[Package]:
        """The cloud account's packages."""
        for number, each in enumerate(self.file.packages):
            self._check_pool(f"packages.{number}.pool", each.pool)
        return [Package(each.pool, each.images, each.expires) for each in self.file.packages]

    @property
    def tencent_keys(self) -> tuple[str, str, str | None] | None:
        """The cloud account's secret id, secret key and token, if there are any."""
        variables = self.variables
        secret_id, secret_key = variables.TENCENTCLOUD_SECRET_ID, variables.TENCENTCLOUD_SECRET_KEY
        if secret_id is None or secret_key is None:
            return None
        token = variables.TENCENTCLOUD_TOKEN
        return (
            secret_id.get_secret_value(),
            secret_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )

    @property
    def database_url(self) -> str:
        """Where the database is, with its password."""
        return self.variables.database_url

    @property
    def secrets(self) -> list[str]:
        """What no log, message or finding may show."""
        return self.variables.secrets

    @property
    def shards(self) -> tuple[list[int], int] | None:
        """The shard ids of this process and the count of all; None = what Discord advises."""
        ids, count = self.variables.EASEL_SHARD_IDS, self.variables.EASEL_SHARD_COUNT
        if ids is None or count is None:
            return None
        first, _, last = ids.partition("-")
        return list(range(int(first), int(last or first) + 1)), count

    @property
    def account(self) -> CloudAccount:
        """How the cloud account is reached: keys, addresses, regions, the VOD application."""
        return CloudAccount(
            keys=self.tencent_keys,
            endpoints=self.endpoints,
            regions=self.regions,
            sub_app_id=self.variables.EASEL_VOD_SUB_APP_ID,
            requests_per_second=self.pools["vod"].requests_per_second,
        )

    def catalogue(self, providers: Collection[str]) -> Catalogue:
        """Return all engines; `providers` are the usable ones."""
        return Catalogue(
            self.engines, providers=providers, endpoints=self.endpoints, regions=self.regions
        )

    @cached_property
    def engines(self) -> tuple[Engine, ...]:
        """The shipped engines as the operator's file changes them, then the file's own.

        Read once: it takes longer than all else here. Raises SettingsError.
        """
        shipped = shipped_rows()
        takes = {**shipped["takes"], **self.file.takes}
        capabilities = capabilities_of(takes, f"{self._file}: takes.")
        own = {name: row.model_dump(exclude_unset=True) for name, row in self.file.engines.items()}
        try:
            rows = catalogue_rows(shipped["engines"], own)
        except ValueError as error:
            raise SettingsError(f"{self._file}: {error}") from None
        entries = engine_entries().validate_python(rows)
        return tuple(self._engine(name, entry, capabilities) for name, entry in entries.items())

    @property
    def endpoints(self) -> dict[str, str]:
        """Each cloud provider's usual address."""
        variables = self.variables
        return {"aiart": variables.EASEL_AIART_ENDPOINT, "vod": variables.EASEL_VOD_ENDPOINT}

    @property
    def regions(self) -> dict[str, str]:
        """Each cloud provider's usual region, where it needs one."""
        return {"aiart": self.variables.EASEL_AIART_REGION}

    @property
    def addresses(self) -> frozenset[str]:
        """Every address that is called: the providers' usual ones and those of single engines."""
        own = (engine.endpoint for engine in self.engines if engine.endpoint)
        return frozenset((*self.endpoints.values(), *own))

    @property
    def _file(self) -> Path:
        return self.variables.EASEL_CONFIG

    def _check_pool(self, where: str, pool: str) -> None:
        if pool not in self.pools:
            known = ", ".join(sorted(self.pools))
            raise SettingsError(f"{self._file}: {where}: no [pools.{pool}]; known: {known}")

    def _engine(self, name: str, entry: EngineEntry, known: Mapping[str, Capabilities]) -> Engine:
        capabilities = known.get(entry.takes)
        if capabilities is None:
            meant = nearest(entry.takes, sorted(known))
            text = f"engines.{name}: no API “{entry.takes}” is known; there are others, such as"
            raise SettingsError(f"{self._file}: {text} {meant} (bot/settings/engines.toml has all)")
        self._check_pool(f"engines.{name}.pool", entry.pool)
        for setting, text in entry.settings.items():
            try:
                check_setting(setting, text, capabilities.settings.get(setting))
            except ValueError as error:
                where = f"{self._file}: engines.{name}.settings.{setting}"
                raise SettingsError(f"{where}: {error}") from None
        values = entry.model_dump(exclude={"first"})
        values["region"] = entry.region or self._own_region(entry)
        values["capabilities"] = capabilities.left_by(entry.settings)
        engine = Engine(name=name, assumed_usd=self.file.quotas.assumed_usd, **values)
        return replace(engine, prices=dict(self._priced(engine)))

    def _priced(self, engine: Engine) -> Iterator[tuple[str, float]]:
        """Yield the prices under their sizes as they are asked for; others would never count."""
        for size, price_usd in engine.prices.items():
            try:
                yield size_taken(engine, size), price_usd
            except NotPossible as error:
                raise SettingsError(
                    f"{self._file}: engines.{engine.name}.prices: {error}"
                ) from None

    def _own_region(self, entry: EngineEntry) -> str:
        """Return the region of an engine on another site than the usual one, else nothing."""
        usual = site_of(self.endpoints.get(entry.provider, ""))
        is_elsewhere = site_of(entry.endpoint) not in (None, usual)
        return region_of(entry.endpoint) if is_elsewhere and entry.provider in self.regions else ""


def read_settings(
    environment: Mapping[str, str] | None = None, *, folder: Path = Path()
) -> Settings:
    """Read all settings; raises SettingsError.

    `environment` stands in for the process's own together with `.env`, for tests and the demo.
    """
    if environment is None:
        environment = {**_dotenv(folder / ".env"), **os.environ}
    # An empty variable counts as unset, but for EASEL_HTTP, where empty means off.
    given = {k: v for k, v in environment.items() if v != "" or k == "EASEL_HTTP"}
    try:
        variables = Variables.model_validate(given)
    except ValidationError as error:
        raise SettingsError(explain(error)) from None
    file = variables.EASEL_CONFIG
    document = _document(folder / file, is_named="EASEL_CONFIG" in variables.model_fields_set)
    try:
        return Settings(variables, FileSettings.model_validate(document))
    except ValidationError as error:
        raise SettingsError(explain(error, FileSettings, f"{file}: ")) from None


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return {k: v for k, v in dotenv_values(path).items() if v is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} {_unreadable(error)}") from None


def _document(path: Path, *, is_named: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if is_named:
            text = f"EASEL_CONFIG: there is no {path}; correct the name or write the file"
            raise SettingsError(text) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        where = "EASEL_CONFIG: " if is_named else ""
        raise SettingsError(f"{where}{path} {_unreadable(error)}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}") from None


def _unreadable(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text; save it as UTF-8"
    if isinstance(error, IsADirectoryError):
        return "is a folder; name a file, or put one in its place"
    return f"cannot be read ({error.strerror}); let the bot's user read it"
