"""A dataset in its shapes: a questionnaire's columns over a stream of rows, for exports."""

from survey.table.cells import NOT_ASKED, Cell
from survey.table.columns import Column, ColumnError, columns_of
from survey.table.dataset import Dataset, Wording
from survey.table.public import PublicError, public
from survey.table.selection import EVERYTHING, Selection
from survey.table.shapes import SHAPES, wide
from survey.table.table import Table

__all__ = [
    "EVERYTHING",
    "NOT_ASKED",
    "SHAPES",
    "Cell",
    "Column",
    "ColumnError",
    "Dataset",
    "PublicError",
    "Selection",
    "Table",
    "Wording",
    "columns_of",
    "public",
    "wide",
]
