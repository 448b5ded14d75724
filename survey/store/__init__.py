"""All the SQL: what was answered, durably and exactly once. Others know these functions, no tables."""

from survey.store.connection import Store, StoreError, open_store

__all__ = ["Store", "StoreError", "open_store"]
