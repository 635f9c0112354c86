"""Alembic's environment: the address comes from the caller, never from a file."""

from alembic import context

from bot.database import Base, make_engine

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
