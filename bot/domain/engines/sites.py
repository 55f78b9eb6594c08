"""The cloud's two sites: which one an endpoint belongs to, and the region that goes with it."""

from urllib.parse import urlsplit

INTERNATIONAL, MAINLAND = "international", "mainland"
_DOMAIN = "tencentcloudapi.com"
_REGIONS = {INTERNATIONAL: "ap-singapore", MAINLAND: "ap-guangzhou"}  # of aiart (2026-09)


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
