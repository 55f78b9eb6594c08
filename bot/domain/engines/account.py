"""The cloud account as its operator names it: keys, addresses, regions, and the VOD application."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
