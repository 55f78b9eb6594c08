"""The way of notices to those they concern; False: a later try may do better."""

from collections.abc import Awaitable, Callable

from bot.domain.quotas.allowances import Use
from bot.domain.quotas.packages import PackageEnd, PackageUse

PostBudget = Callable[[int, Use], Awaitable[bool]]
"""Tells moderators of a server's budget, in a channel, by its id."""

WriteBudget = Callable[[Use], Awaitable[bool]]
"""Tells the operator of the account's budget."""

WritePackage = Callable[[PackageUse, PackageEnd], Awaitable[bool]]
"""Tells the operator of a package."""
