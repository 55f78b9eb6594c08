"""The cloud account as its operator names it: keys, addresses, regions, and the VOD application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

INTERNATIONAL, MAINLAND = "international", "mainland"
_DOMAIN = "tencentcloudapi.com"
_REGIONS = {INTERNATIONAL: "ap-singapore", MAINLAND: "ap-guangzhou"}  # of aiart (2026-09)


@dataclass(frozen=True, slots=True)
class CloudAccount:
    """`keys` are secret id, secret key and token; `endpoints` and `regions` go by provider.

    `sub_app_id` is the VOD application's, `requests_per_second` the limit of its tasks created.
    """

    keys: tuple[str, str, str | None] | None = field(repr=False)
    endpoints: Mapping[str, str]
    regions: Mapping[str, str]
    sub_app_id: int | None = None
    requests_per_second: float | None = None


def site_of(endpoint: str) -> str | None:
    """Return the site of an address such as "https://aiart.intl.tencentcloudapi.com".

    None for an address of neither, such as a proxy or a stand-in, which may play both.
    """
    host = urlsplit(endpoint).hostname or ""
    if host.endswith(f".intl.{_DOMAIN}"):
        return INTERNATIONAL
    return MAINLAND if host.endswith(f".{_DOMAIN}") else None


def region_of(endpoint: str) -> str:
    """Return aiart's region for an address; the international one where the site is not known."""
    return _REGIONS[site_of(endpoint) or INTERNATIONAL]
