"""The environment variables of the contract: what each may be, under its own name."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from bot.domain.engines.account import region_of
from bot.domain.labels.credentials import CredentialFiles
from bot.domain.operator_errors import SettingsError
from bot.domain.personal.aliases import LEAST_KEY_BYTES
from bot.settings.easel_toml import ADDRESS
from bot.settings.faults import REMEDIES

_POSTGRES = "postgresql://"
_SQLITE = "sqlite:///"
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]+\]|[^:\[\]]*)(:(?P<port>[0-9]{1,5}))?")
_HIGHEST_PORT = 65_535
_SHORTEST_QUOTED = 2  # the quotes themselves


def _port(address: str) -> int | None:
    """Return the port of `host:port`; raises ValueError, which does not repeat the address."""
    found = _HOST_AND_PORT.fullmatch(address)
    port = int(found["port"]) if found and found["port"] else None
    if found is None or (port or 0) > _HIGHEST_PORT:
        raise ValueError("its host or port is none")
    return port


def _is_database(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    if text.startswith(_POSTGRES):
        _check_postgres(text.removeprefix(_POSTGRES))
    elif not text.startswith(_SQLITE) or text.removeprefix(_SQLITE) in ("", ":memory:"):
        raise ValueError("not a database Easel can use")
    return url


def _check_postgres(place: str) -> None:
    """Refuse what a reader of addresses would take apart in the middle of a password."""
    authority, rest = _parted(place)
    if authority.count("@") > 1 or "@" in rest or rest.startswith("#"):
        raise ValueError(
            "its user or password has one of # / ? @, which an address must percent-encode as "
            "%23 %2F %3F %40; or leave the password out and set PGPASSWORD, which takes any"
        )
    _port(authority.rpartition("@")[2])


def _parted(place: str) -> tuple[str, str]:
    """Return `user:password@host:port` of an address without its scheme, and what follows."""
    end = next((at for at, letter in enumerate(place) if letter in "/?#"), len(place))
    return place[:end], place[end:]


def _fits_a_header(key: SecretStr) -> SecretStr:
    text = key.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("has characters that no key has; copy it again")
    return key


def _has_a_host(address: str) -> str:
    _port(address.partition("://")[2])
    return address


def _is_an_api(address: str) -> str:
    scheme, _, place = address.partition("://")
    authority, rest = _parted(place)
    if scheme not in ("http", "https") or not authority or "@" in authority:
        raise ValueError("is no address of an API")
    if "?" in rest or "#" in rest or not address.isprintable() or " " in address:
        raise ValueError("is no address of an API")
    _port(authority)
    return address


def _is_a_port(address: str) -> str:
    if address and not _port(address):
        raise ValueError(f"its port is none from 1 to {_HIGHEST_PORT}")
    return address


def _is_hex(key: SecretStr) -> SecretStr:
    try:
        found = bytes.fromhex(key.get_secret_value())
    except ValueError:
        found = b""
    if len(found) < LEAST_KEY_BYTES:
        raise ValueError("is no key")
    return key


Key = Annotated[SecretStr, AfterValidator(_fits_a_header)]
Address = Annotated[str, Field(pattern=ADDRESS), AfterValidator(_has_a_host)]


class Variables(BaseModel):
    """The environment variables of the contract, and PostgreSQL's own for a password."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    DISCORD_TOKEN: Key | None = None
    DATABASE_URL: Annotated[SecretStr, AfterValidator(_is_database)] = SecretStr(
        "sqlite:///data/easel.db"
    )
    PGPASSWORD: SecretStr | None = None
    TENCENTCLOUD_SECRET_ID: Key | None = None
    TENCENTCLOUD_SECRET_KEY: Key | None = None
    TENCENTCLOUD_TOKEN: Key | None = None
    EASEL_DISCORD_API: Annotated[str, AfterValidator(_is_an_api)] | None = None
    EASEL_AIART_ENDPOINT: Address = "https://aiart.intl.tencentcloudapi.com"
    EASEL_AIART_REGION: str = ""  # the one that goes with the endpoint
    EASEL_VOD_ENDPOINT: Address = "https://vod.intl.tencentcloudapi.com"
    EASEL_VOD_SUB_APP_ID: Annotated[int, Field(ge=1)] | None = None
    EASEL_CONFIG: Path = Path("easel.toml")
    EASEL_DATA_DIR: Path = Path("data")
    EASEL_ERASURE_KEY: Annotated[SecretStr, AfterValidator(_is_hex)] | None = None
    EASEL_HTTP: Annotated[str, Field(pattern=r"^(.+:\d+)?$"), AfterValidator(_is_a_port)] = (
        "127.0.0.1:8080"
    )
    EASEL_LOG: Literal["console", "json"] = "console"
    EASEL_C2PA_CERT: Path | None = None
    EASEL_C2PA_KEY: Path | None = None
    EASEL_SHARD_IDS: Annotated[str, Field(pattern=r"^\d+-\d+$|^\d+$")] | None = None
    EASEL_SHARD_COUNT: Annotated[int, Field(ge=1)] | None = None

    @property
    def database_url(self) -> str:
        """Where the database is, with the password of PGPASSWORD where the address has none."""
        url = self.DATABASE_URL.get_secret_value()
        user, at, place = url.removeprefix(_POSTGRES).partition("@")
        if not (url.startswith(_POSTGRES) and at and self.PGPASSWORD) or ":" in user:
            return url
        return f"{_POSTGRES}{user}:{quote(self.PGPASSWORD.get_secret_value(), safe='')}@{place}"

    @property
    def erasure_key(self) -> bytes | None:
        """The key of erased members' aliases, where it is set and kept in no file."""
        key = self.EASEL_ERASURE_KEY
        return None if key is None else bytes.fromhex(key.get_secret_value())

    @property
    def credential_files(self) -> CredentialFiles | None:
        """With what results are signed, if with anything."""
        chain, key = self.EASEL_C2PA_CERT, self.EASEL_C2PA_KEY
        return None if chain is None or key is None else CredentialFiles(chain, key)

    @property
    def secrets(self) -> list[str]:
        """What no log, message or finding may show: the passwords in addresses, too."""
        values = dict(self).values()
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        password = _parted(self.database_url.partition("://")[2])[0].rpartition("@")[0]
        password = password.partition(":")[2]
        return [*secrets, self.database_url, *filter(None, (password, unquote(password)))]

    @model_validator(mode="before")
    @classmethod
    def _without_quotes(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        quoted = [name for name in cls.model_fields if _is_quoted(given.get(name))]
        if quoted:
            raise SettingsError(
                f"{', '.join(quoted)}: take the quotes around the value away, they are taken for "
                "a part of it (`docker run --env-file` keeps them)"
            )
        return given

    @model_validator(mode="after")
    def _pairs(self) -> "Variables":
        if (self.TENCENTCLOUD_SECRET_ID is None) != (self.TENCENTCLOUD_SECRET_KEY is None):
            raise SettingsError(f"TENCENTCLOUD_SECRET_ID: {REMEDIES['TENCENTCLOUD_SECRET_ID']}")
        if (self.EASEL_C2PA_CERT is None) != (self.EASEL_C2PA_KEY is None):
            raise SettingsError(f"EASEL_C2PA_CERT: {REMEDIES['EASEL_C2PA_CERT']}")
        if not self._has_shards():
            raise SettingsError(f"EASEL_SHARD_IDS: {REMEDIES['EASEL_SHARD_IDS']}")
        return self

    @model_validator(mode="after")
    def _region(self) -> "Variables":
        region = self.EASEL_AIART_REGION or region_of(self.EASEL_AIART_ENDPOINT)
        return self.model_copy(update={"EASEL_AIART_REGION": region})

    def _has_shards(self) -> bool:
        if self.EASEL_SHARD_IDS is None or self.EASEL_SHARD_COUNT is None:
            return self.EASEL_SHARD_IDS is None and self.EASEL_SHARD_COUNT is None
        first, _, last = self.EASEL_SHARD_IDS.partition("-")
        return int(first) <= int(last or first) < self.EASEL_SHARD_COUNT


def _is_quoted(value: object) -> bool:
    text = value if isinstance(value, str) else ""
    return len(text) >= _SHORTEST_QUOTED and text[0] == text[-1] and text[0] in "'\""
