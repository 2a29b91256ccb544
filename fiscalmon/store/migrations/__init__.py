"""Numbered steps from one schema to the next."""

# The newest step's id: a database that carries it needs no alembic at start.
HEAD = "0012"
