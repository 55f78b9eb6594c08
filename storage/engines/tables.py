"""The tables of engines: whose turn a limited call is, and which cannot be used for now."""

from sqlalchemy import Column, Double, String, Table, Text

from storage.database.tables import metadata

# When the next turn of a limit of requests per second is, over all processes.
paces = Table(
    "paces",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("next_at", Double, nullable=False),
)

# Engines that the operator's account cannot use for now; a kind is a class of error.
engine_states = Table(
    "engine_states",
    metadata,
    Column("engine", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("code", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("told_at", Double),
    Column("address", Text, nullable=False, server_default=""),
)
