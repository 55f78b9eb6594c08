"""The queue as the services and the worker know it."""

from storage.queue.claims import SqlClaims
from storage.queue.deletions import SqlDeletions
from storage.queue.deliveries import SqlDeliveries
from storage.queue.leases import SqlLeases
from storage.queue.line import SqlLine, SqlReading
from storage.queue.progress import SqlProgress
from storage.queue.requests import SqlRequests


class SqlJobs(
    SqlRequests,
    SqlClaims,
    SqlLeases,
    SqlProgress,
    SqlDeliveries,
    SqlDeletions,
    SqlLine,
    SqlReading,
):
    """Every side of the queue: what is asked of it, claimed, held, delivered, deleted and read."""
