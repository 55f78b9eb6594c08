"""Runs migrations on the connection that `storage.database.migrate` hands over."""  # noqa: INP001 - Alembic loads it as a file

from alembic import context

from storage.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
