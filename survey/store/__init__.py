"""All the SQL: what was answered, durably and exactly once. Others know these functions, no tables."""

# The driver first: it sees to it that sqlite-utils comes without what is heavy.
from survey.store.driver import DatabaseError  # isort: split

from survey.store.connection import Store, StoreError, about_database, open_store

__all__ = ["about_database", "DatabaseError", "Store", "StoreError", "open_store"]
