"""Where a waiting job stands: the order in which a pool's jobs start, and how long that takes."""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import quantiles

from bot.domain.jobs.fairness import Lane, VirtualTimes
from bot.domain.jobs.job import HoldKind, JobId
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.operations import GuildPause

# Two recorded tasks took 13 s and 19 s; until an engine has a history of its own.
_DEFAULT_SECONDS = (10.0, 25.0)
ENOUGH_TIMES = 4  # times; below, their spread says nothing
_NEAR = 5  # places; among these each one counts, further off a fifth does
_FORETOLD = 100  # starts; what is further off changes before it matters
_NOTICEABLE = 1.5  # times as long, or as short


@dataclass(frozen=True, slots=True)
class Waiting:
    """One job in a line; `lane` is its guild or channel, `images` what its turn costs.

    `started_at` is in unix seconds. One that is `held_for` something starts in no line.
    """

    id: JobId
    priority: int
    lane: int
    user_id: int
    images: int
    engine: str
    started_at: float | None = None
    held_for: HoldKind | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has started."""
        return self.started_at is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A pool as it was read: its jobs in the order they came, and its virtual times.

    `vtimes` maps (lane, user) to virtual time: (lane, 0) is a guild, (0, 0) the pool's clock.
    `elsewhere` has the lane and user of what runs in other pools: their limits hold over all.
    `pauses` are those of the servers that moderators have stopped, by lane.
    """

    jobs: Sequence[Waiting]
    vtimes: Mapping[tuple[int, int], float] = field(default_factory=dict)
    elsewhere: Sequence[tuple[int, int]] = ()
    pauses: Mapping[int, GuildPause] = field(default_factory=dict)

    def may_start(self, job: Waiting) -> bool:
        """Tell whether a job waits for its turn alone: neither it nor its server is held back."""
        return not job.is_running and job.held_for is None and job.lane not in self.pauses


@dataclass(frozen=True, slots=True)
class Place:
    """`ahead` jobs start earlier, in this many `rounds` of the pool (0: there is room now)."""

    ahead: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member reads: place and range of seconds to the picture; `note` is small print.

    The note is lines of markdown. Where it `is_timeless`, as in a pause, nobody knows when it
    starts; where it is `held_for` something, that is up to a moderator. `percent` is how far a
    running job is, None where nobody knows; it `is_estimate` where its API says nothing of it.
    """

    ahead: int
    low_s: float
    high_s: float
    is_running: bool = False
    note: str = ""
    is_timeless: bool = False
    percent: int | None = None
    is_estimate: bool = False
    held_for: HoldKind | None = None


_Turn = tuple[int, int]  # priority, member
_Queue = deque[tuple[int, Waiting]]  # with the number in the order they came


def places(line: Line, slots: int, limits: RunLimits, most: int = _FORETOLD) -> dict[JobId, Place]:
    """Play the claims through, round by round, as if every job took equally long.

    The order is that of the claim: the guild with the fewest running jobs and the least virtual
    time; in it the priority, then the member with the fewest and the least, then who came first.
    What is held back has no place, and takes none; so it is in servers that are paused.
    """
    found: dict[JobId, Place] = {}
    game = _Game(line, limits)
    room, rounds = slots - sum(job.is_running for job in line.jobs), 0
    while game.has_more and len(found) < most:
        for _ in range(max(room, 0)):
            job_id = game.start_next()
            if job_id is None:
                break
            found[job_id] = Place(len(found), rounds)
        if rounds and not game.running:
            break  # the limits leave no room for anybody: nothing more to foretell
        game.running.clear()
        game.of_user.clear()
        room, rounds = slots, rounds + 1
    return found


class Forecast:
    """A line played through, and the jobs that came after it was read."""

    def __init__(self, line: Line, slots: int, limits: RunLimits) -> None:
        self.slots = slots
        self.jobs = {job.id: job for job in line.jobs}
        self._limits = limits
        self._line = line
        self._play()

    def add(self, job: Waiting) -> None:
        """Add the latest job; the line is only played again if that may be one of the next."""
        if job.id in self.jobs:
            return
        self.jobs[job.id] = job
        if job.is_running or not self._is_far_off(job):
            self._play()

    def is_held_back(self, job: Waiting) -> bool:
        """Tell whether a job waits for a moderator, for its own sake or its server's."""
        return not job.is_running and not self._line.may_start(job)

    def pause_of(self, job: Waiting) -> GuildPause | None:
        """Return what stops the server of a job, None where nothing does."""
        return self._line.pauses.get(job.lane)

    def place_in_pause(self, job: Waiting) -> Place:
        """Return a job's place in its own server, as it was when that was paused."""
        here = [each for each in self.jobs.values() if each.lane == job.lane]
        may_start = [each for each in here if not each.is_running and each.held_for is None]
        in_turn = sorted(may_start, key=lambda each: -each.priority)  # each of them as they came
        return Place(in_turn.index(job), 0)

    def _is_far_off(self, job: Waiting) -> bool:
        """Tell whether somebody who is not foretold starts before this latest job for certain."""
        if (job.priority, job.lane, job.user_id) in self._unforetold:
            return True
        return self._had(job) >= self._least_had.get((job.priority, job.lane), math.inf)

    def _play(self) -> None:
        jobs = list(self.jobs.values())
        self.places = places(replace(self._line, jobs=jobs), self.slots, self._limits)
        start_now = {job.user_id for job in jobs if job.is_running or job.id in self.places}
        start_now |= {user_id for _, user_id in self._line.elsewhere}
        may_start = (job for job in jobs if self._line.may_start(job))
        later = [job for job in may_start if job.id not in self.places]
        self._unforetold = {(job.priority, job.lane, job.user_id) for job in later}
        self._least_had: dict[tuple[int, int], float] = {}  # by priority and guild
        for job in later:
            if job.user_id not in start_now:
                where = job.priority, job.lane
                least = self._least_had.get(where, math.inf)
                self._least_had[where] = min(least, self._had(job))

    def _had(self, job: Waiting) -> float:
        return self._line.vtimes.get((job.lane, job.user_id), 0.0)


class _Game:
    """The claims of the near future, played on copies."""

    def __init__(self, line: Line, limits: RunLimits) -> None:
        self._limits = limits
        self._times = VirtualTimes(line.vtimes, clock=line.vtimes.get((0, 0), 0.0))
        self._guilds: dict[int, dict[_Turn, _Queue]] = defaultdict(lambda: defaultdict(deque))
        # Who has waited longest in a guild decides between guilds that are equal otherwise.
        self._since: dict[int, int] = {}
        self.running = Counter(lane for lane, _ in line.elsewhere)
        self.of_user = Counter(user_id for _, user_id in line.elsewhere)
        for number, job in enumerate(line.jobs):
            if job.is_running:
                self._count(job)
            elif line.may_start(job):
                self._since.setdefault(job.lane, number)
                self._guilds[job.lane][job.priority, job.user_id].append((number, job))

    @property
    def has_more(self) -> bool:
        return bool(self._guilds)

    def start_next(self) -> JobId | None:
        for lane in sorted(self._guilds, key=self._guild_rank):
            queues = self._guilds[lane]
            turn = self._next_turn(lane, queues)
            if turn is None:
                continue
            _, job = queues[turn].popleft()
            if not queues[turn]:
                del queues[turn]
            if queues:
                self._since[lane] = min(queue[0][0] for queue in queues.values())
            else:
                del self._guilds[lane]
            self._count(job)
            self._times.charge(Lane(job.lane, job.user_id), job.images)
            return job.id
        return None

    def _next_turn(self, lane: int, queues: Mapping[_Turn, _Queue]) -> _Turn | None:
        if self.running[lane] >= self._limits.per_guild:
            return None
        free = [turn for turn in queues if self.of_user[turn[1]] < self._limits.per_user]
        ranks = {
            (priority, user): (
                -priority,
                self.of_user[user],
                self._times.of(lane, user),
                queues[priority, user][0][0],
            )
            for priority, user in free
        }
        return min(free, key=ranks.__getitem__, default=None)

    def _guild_rank(self, lane: int) -> tuple[float, ...]:
        return self.running[lane], self._times.of(lane), self._since[lane]

    def _count(self, job: Waiting) -> None:
        self.running[job.lane] += 1
        self.of_user[job.user_id] += 1


def standing(
    place: Place, recent_s: Sequence[float], note: str = "", *, is_timeless: bool = False
) -> Standing:
    """Return what to tell: from this engine's own latest times, lower to upper quartile."""
    low, high = _typical(recent_s)
    # Those at work now may be done at once, or may have begun just now.
    low, high = low * max(place.rounds, 1), high * (place.rounds + 1)
    return Standing(place.ahead, low, high, note=note, is_timeless=is_timeless)


def unknown_standing(ahead: int) -> Standing:
    """Return what to tell of a job of which nothing but its place could be read."""
    return Standing(ahead, 0.0, 0.0, is_timeless=True)


def held(kind: HoldKind, note: str = "") -> Standing:
    """Return what to tell of a job that is held back: it has no place, and no time is known."""
    return Standing(0, 0.0, 0.0, note=note, is_timeless=True, held_for=kind)


def at_work(recent_s: Sequence[float], since_s: float, note: str = "") -> Standing:
    """Return the standing of a job that has been running for `since_s`."""
    low, high = _typical(recent_s)
    return Standing(
        0, max(low - since_s, 0.0), max(high - since_s, 0.0), is_running=True, note=note
    )


def is_news(shown: Standing | None, now: Standing) -> bool:
    """Tell whether a waiting message is worth an edit."""
    if shown is None or _kind_of(shown) != _kind_of(now):
        return True
    if now.is_running or now.held_for is not None:
        return False
    if abs(shown.ahead - now.ahead) >= (1 if now.ahead < _NEAR else max(now.ahead // 5, 1)):
        return True
    if now.is_timeless:
        return False
    low, high = sorted((shown.high_s, now.high_s))
    return high > low * _NOTICEABLE


def _kind_of(standing: Standing) -> tuple[object, ...]:
    return standing.is_running, standing.held_for, standing.note


def _typical(recent_s: Sequence[float]) -> tuple[float, float]:
    if len(recent_s) < ENOUGH_TIMES:
        return _DEFAULT_SECONDS
    lower, _, upper = quantiles(recent_s, n=4)
    return max(lower, 0.0), max(upper, 0.0)
