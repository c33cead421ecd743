"""Runs migrations on the connection that `Store.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from tools.store import tables  # noqa: F401  the tables register themselves

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
