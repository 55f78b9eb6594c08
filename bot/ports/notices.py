"""The way of notices to those they concern; False: a later try may do better."""

from collections.abc import Awaitable, Callable

from bot.domain.jobs.job import Job
from bot.domain.members.reports import Report
from bot.domain.quotas.allowances import Use
from bot.domain.quotas.packages import PackageEnd, PackageUse
from bot.ports.delivery import Place

PostBudget = Callable[[int, Use], Awaitable[bool]]
"""Tells moderators of a server's budget, in a channel, by its id."""

WriteBudget = Callable[[Use], Awaitable[bool]]
"""Tells the operator of the account's budget."""

PostReport = Callable[[int, Job, Report, Place | None], Awaitable[bool]]
"""Tells moderators of what a member reports, in a channel, by its id; False: they were not told."""

WritePackage = Callable[[PackageUse, PackageEnd], Awaitable[bool]]
"""Tells the operator of a package."""
