"""What a member may take: limits on pictures and money, and the decision over their counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.guilds.settings import WARN_AT
from bot.domain.jobs.job import Order
from bot.domain.quotas.amounts import Amount
from bot.domain.quotas.errors import QuotaSpent, SubmittingPaused
from bot.domain.quotas.limit_kinds import LimitKind

UNLIMITED = -1
REFUSALS = 5  # contract, "How a job may end": five in an hour pause a member for an hour
REFUSAL_SPAN_S = 3600.0
_CENT_FRACTION = 1e-9  # sums of prices are not exact


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """What somebody wants to take; both prices are per picture.

    `assumed_usd` counts in place of a price that nobody knows.
    """

    guild_id: int | None
    user_id: int
    images: int
    price_usd: float
    assumed_usd: float = 0.0

    @property
    def cost_usd(self) -> float:
        """What all of it counts against budgets: what it costs at the most, or may."""
        return self.images * (self.price_usd + self.assumed_usd)


@dataclass(frozen=True, slots=True)
class LimitWindow:
    """No more than `limit` pictures or US dollars from `since` until `resets_at` (unix seconds).

    `period` is a word for people; `subject_id` the role or member of a moderator's rule. A budget
    warns at so many percent.
    """

    kind: LimitKind
    limit: float
    period: str
    since: float
    resets_at: float
    subject_id: int = 0
    warns_at: int = WARN_AT

    @property
    def amount(self) -> Amount:
        """The limit with its period, which says itself in words."""
        return Amount(self.limit, self.period, self.kind.traits.is_money)

    def asked(self, ask: QuotaRequest) -> float:
        """Return what an ask takes of this window's unit."""
        return ask.cost_usd if self.kind.traits.is_money else ask.images

    def assumed(self, ask: QuotaRequest) -> float:
        """Return how much of that is assumed, because nobody knows the price."""
        return ask.images * ask.assumed_usd if self.kind.traits.is_money else 0.0

    def over(self, ask: QuotaRequest, used: float) -> float:
        """Return how much of what is asked for lies above the limit; free pictures cost none."""
        asked = self.asked(ask)
        over = used + asked - self.limit
        return 0.0 if over <= _CENT_FRACTION else min(over, asked)

    def can_hold(self, ask: QuotaRequest, granted: int) -> bool:
        """Whether an ask would hold were nothing used; where not, waiting does not help."""
        return self.over(ask, 0.0) <= (granted if self.kind.traits.takes_grants else 0)

    def refusal(self, ask: QuotaRequest, used: float, granted: int) -> QuotaSpent:
        """Return the refusal that names this window."""
        extra = granted if self.kind.traits.takes_grants else 0
        left = max(self.limit - used, 0) + extra
        digits = 2 if self.kind.traits.is_money else None
        return self.kind.traits.refusal(
            limit=self.limit,
            amount=self.amount,
            left=round(left, digits),
            asked=self.asked(ask),
            most=round(self.limit + extra, digits),
            can_hold=self.can_hold(ask, granted),
            subject_id=self.subject_id,
            resets_at=round(self.resets_at),
        )


@dataclass(frozen=True, slots=True)
class Allowance:
    """Every window that applies to a member now; all must hold.

    `needs_approval`: what is accepted waits for a moderator's yes.
    `watches_refusals`: requests that review refused may pause the member. `alias` is the number
    that what they used stands under where they were erased: it counts as theirs.
    """

    windows: tuple[LimitWindow, ...] = ()
    watches_refusals: bool = False
    needs_approval: bool = False
    alias: int | None = None

    @property
    def has_no_limits(self) -> bool:
        """Whether there is nothing to count."""
        return not self.windows and not self.watches_refusals


NO_LIMITS = Allowance()


@dataclass(frozen=True, slots=True)
class Use:
    """One window, and how much of it is used: pictures or US dollars, reserved ones included.

    `assumed` of the dollars are of pictures whose price nobody knows.
    """

    window: LimitWindow
    used: float
    assumed: float = 0.0

    @property
    def left(self) -> float:
        """How much of it is left."""
        return max(self.window.limit - self.used, 0)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= _CENT_FRACTION

    @property
    def is_nearing(self) -> bool:
        """Whether so much is used that it warns."""
        return self.window.limit * self.window.warns_at / 100 <= self.used + _CENT_FRACTION

    @property
    def percent(self) -> int:
        """How much is used, rounded down: 100 is all of it."""
        return 100 if self.is_spent else int(100 * self.used / self.window.limit + _CENT_FRACTION)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the ledger says: `used` of each window in order, granted pictures left over.

    `assumed` is how much of each is of unknown price, empty for nothing. `refused_at` are the
    latest refusals by review, newest first, in unix seconds.
    """

    used: tuple[float, ...] = ()
    granted: int = 0
    refused_at: tuple[float, ...] = ()
    assumed: tuple[float, ...] = ()

    def uses(self, allowance: Allowance) -> tuple[Use, ...]:
        """Return the windows of an allowance with what is used of each."""
        assumed = self.assumed or (0.0,) * len(self.used)
        rows = zip(allowance.windows, self.used, assumed, strict=True)
        return tuple(Use(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """An ask that holds: pictures of it that come from grants, budgets that are near their end.

    `uses` are the windows on pictures with the ask in them, `granted` what is left of grants then.
    """

    from_grant: int = 0
    nearing: tuple[Use, ...] = ()
    uses: tuple[Use, ...] = ()
    granted: int = 0


NOTHING_TAKEN = Taken()


def quota_request_of(order: Order) -> QuotaRequest:
    """Return what an order takes."""
    to = order.destination
    prices = order.price_usd, order.assumed_usd
    return QuotaRequest(to.guild_id, to.user_id, order.options.count, *prices)


def take(ask: QuotaRequest, allowance: Allowance, counts: Counts, now: float) -> Taken:
    """Decide; raises SubmittingPaused or the QuotaSpent of the window that holds out longest."""
    barred = barred_until(counts.refused_at)
    if barred > now:
        raise SubmittingPaused(count=REFUSALS, resets_at=round(barred))
    from_grant = 0.0
    refused: list[tuple[LimitWindow, float]] = []
    before = counts.uses(allowance)
    for window, used in ((use.window, use.used) for use in before):
        over = window.over(ask, used)
        if window.kind.traits.takes_grants and over <= counts.granted:
            from_grant = max(from_grant, over)
        elif over > 0:
            refused.append((window, used))
    if refused:
        # The one that holds out longest, those first that no waiting helps against.
        window, used = max(
            refused,
            key=lambda pair: (not pair[0].can_hold(ask, counts.granted), pair[0].resets_at),
        )
        raise window.refusal(ask, used, counts.granted)
    after = [_with(use, ask) for use in before if use.window.asked(ask) > 0]
    # Not only where it is crossed: a budget may be lowered to below what is used already.
    nearing = [use for use in after if use.window.kind.traits.is_budget and use.is_nearing]
    uses = tuple(use for use in after if not use.window.kind.traits.is_money)
    extra = round(from_grant)
    return Taken(extra, tuple(nearing), uses, counts.granted - extra)


def share(taken: Taken, images: Sequence[int]) -> list[Taken]:
    """Return what each of several jobs takes that were taken for together, with so many pictures.

    What is left is what all of them leave; the first one warns.
    """
    shares, left = [], taken.from_grant
    for number, count in enumerate(images):
        extra = min(left, count)
        left -= extra
        nearing = taken.nearing if number == 0 else ()
        shares.append(replace(taken, from_grant=extra, nearing=nearing))
    return shares


def _with(use: Use, ask: QuotaRequest) -> Use:
    window = use.window
    return Use(window, use.used + window.asked(ask), use.assumed + window.assumed(ask))


def barred_until(refused_at: Sequence[float]) -> float:
    """Return until when refusals pause a member, 0 when they do not; newest first."""
    if len(refused_at) < REFUSALS:
        return 0.0
    latest, fifth = refused_at[0], refused_at[REFUSALS - 1]
    return latest + REFUSAL_SPAN_S if latest - fifth <= REFUSAL_SPAN_S else 0.0
