"""Alembic's entry: runs on the connection it is given (see `Database.migrate`), or on `-x url=...`."""

from alembic import context
from sqlalchemy import create_engine

from knowledge.crm.database import metadata


def run(connection: object) -> None:
    context.configure(connection=connection, target_metadata=metadata(), render_as_batch=True)  # type: ignore[arg-type]
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as own:
        run(own)
