"""All the SQL: what was answered, durably and exactly once. Others know these functions, no tables."""

from survey.store.connection import Store, StoreError, about_database, open_store
from survey.store.driver import DatabaseError

__all__ = ["about_database", "DatabaseError", "Store", "StoreError", "open_store"]
