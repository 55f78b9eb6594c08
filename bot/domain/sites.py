"""The cloud's two sites: which one an endpoint belongs to."""

from urllib.parse import urlsplit

INTERNATIONAL, MAINLAND = "international", "mainland"
_DOMAIN = "tencentcloudapi.com"


def site_of(endpoint: str) -> str | None:
    """Return the site of an address such as "https://aiart.intl.tencentcloudapi.com".

    None for an address of neither, such as a proxy or a stand-in, which may play both.
    """
    host = urlsplit(endpoint).hostname or ""
    if host.endswith(f".intl.{_DOMAIN}"):
        return INTERNATIONAL
    return MAINLAND if host.endswith(f".{_DOMAIN}") else None
