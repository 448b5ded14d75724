"""Parquet: typed columns in batches, lists for multiple choice, words of codes in the schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from survey.export.values import batches
from survey.questionnaire.model import MISSING
from survey.table import NOT_ASKED, Cell, Table, columns_of
from survey.table.codebook import meanings, missing_words
from survey.table.columns import CODE, CODES, DATE, DECIMAL, FLAG, INTEGER, TEXT, TIME, Column
from survey.table.table import Say, Shown

ROWS = 5_000
"""The rows of a row group: memory holds no more, and most of the time only as Arrow does."""

DIGITS, DECIMALS = 21, 6
"""What any number that a form admits has at most."""

TYPED = (CODES, FLAG, INTEGER, DECIMAL, DATE)
"""These hold nothing but values, so that a column beside them must say why there is none."""

WHY: frozenset[Cell] = frozenset((*MISSING, NOT_ASKED))

Cells = Sequence[Any]

Fill = Callable[[Cells, Any, Say | None], Any]
"""Makes an array of an Arrow type of cells, in words if these are wanted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A column of the file: its Arrow field, and what fills it from the cells at a place."""

    field: Any
    place: int
    fill: Callable[[Cells], Any]


def write(table: Table, file: IO[bytes]) -> None:
    """Each column under its name, with its question and its codes in its metadata."""
    import pyarrow
    from pyarrow import parquet

    parts = list(_parts(table))
    schema = pyarrow.schema([part.field for part in parts], metadata=_about(table))
    gathered: list[Any] = []

    def write_group() -> None:
        together = pyarrow.Table.from_batches(gathered, schema).unify_dictionaries()
        gathered.clear()
        writer.write_table(together, ROWS)

    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for cells in batches(table):
            arrays = [part.fill(cells[part.place]) for part in parts]
            gathered.append(pyarrow.record_batch(arrays, schema=schema))
            if sum(batch.num_rows for batch in gathered) >= ROWS:
                write_group()
        if gathered:
            write_group()


def _about(table: Table) -> dict[str, str]:
    dataset = table.dataset
    return {
        "questionnaire": dataset.newest.name,
        "versions": " ".join(dataset.questionnaires),
        "workshops": " ".join(workshop.code for workshop in dataset.workshops),
        "selection": json.dumps(dataset.selection.chosen(), ensure_ascii=False),
    }


def _parts(table: Table) -> Iterator[Part]:
    """The columns as the wording shows them; after the last ones of a question, why they are blank."""
    beside = _beside(table)
    last = {beside[each.place]: at for at, each in enumerate(table.shown) if each.place in beside}
    first = {name: place for place, name in reversed([*beside.items()])}
    for at, shown in enumerate(table.shown):
        yield _part(table, shown)
        name = beside.get(shown.place)
        if name is not None and last[name] == at:
            yield _why(table, name, first[name])


def _beside(table: Table) -> dict[int, str]:
    """For the place of each typed column of a question: the column that says why it is blank. The
    columns of a question share it; one that not every version has needs its own."""
    versions = [
        {column.name for column in columns_of(each)}
        for each in table.dataset.questionnaires.values()
    ]
    taken = {shown.column.name for shown in table.shown}
    names: dict[int, str] = {}
    for place, column in enumerate(table.columns):
        if column.question is not None and column.data_type in TYPED:
            is_everywhere = all(column.name in each for each in versions)
            name = f"{column.question.name if is_everywhere else column.name}__missing"
            while name in taken:
                name += "_"
            names[place] = name
    return names


def _why(table: Table, name: str, place: int) -> Part:
    import pyarrow

    kind = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    words = missing_words(table.dataset, table.columns[place])
    metadata = {"codes": _json({code: each for code, each in words.items() if code in WHY})}
    return Part(
        pyarrow.field(name, kind, metadata=metadata),
        place,
        lambda cells: pyarrow.array([cell if cell in WHY else None for cell in cells], kind),
    )


def _part(table: Table, shown: Shown) -> Part:
    import pyarrow

    column = table.columns[shown.place]
    kind, say = _kinds()[column.data_type], shown.say
    fill = FILLS[column.data_type]
    field = pyarrow.field(shown.column.name, kind, metadata=_metadata(table, column))
    return Part(field, shown.place, lambda cells: fill(cells, kind, say))


def _metadata(table: Table, column: Column) -> dict[str, str]:
    """A column's question and words in every language, as JSON."""
    codes = meanings(table.dataset, column)
    label = codes.pop("")
    question = column.question
    about = {"question": question.name, "type": question.type} if question else {}
    about |= {"label": _json(label)} if label else {}
    return about | ({"codes": _json(codes)} if codes else {})


def _json(words: Mapping[str, Any]) -> str:
    return json.dumps(words, ensure_ascii=False, default=dict)


def _kinds() -> dict[str, Any]:
    """The Arrow type of each data type; each code is kept once and told by its number."""
    import pyarrow

    words = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    return {
        TEXT: pyarrow.string(),
        CODE: words,
        CODES: pyarrow.list_(pyarrow.string()),
        FLAG: pyarrow.int8(),
        INTEGER: pyarrow.int64(),
        DECIMAL: pyarrow.decimal128(DIGITS, DECIMALS),
        DATE: pyarrow.date32(),
        TIME: pyarrow.timestamp("ms", "UTC"),
    }


def _words(cells: Cells, kind: Any, say: Say | None) -> Any:
    import pyarrow

    return pyarrow.array(cells if say is None else [*map(say, cells)], kind)


def _lists(cells: Cells, kind: Any, say: Say | None) -> Any:
    import pyarrow

    lists = [None if cell is None or cell in WHY else cell.split(" ") for cell in cells]
    if say is not None:
        lists = [each and [*map(say, each)] for each in lists]
    return pyarrow.array(lists, kind)


def _values(read: Callable[[Any], Any]) -> Fill:
    """Each value is read here: if Arrow did it, it would load much more code."""

    def fill(cells: Cells, kind: Any, _: Say | None) -> Any:
        import pyarrow

        values = [None if cell is None or cell in WHY else read(cell) for cell in cells]
        return pyarrow.array(values, kind)

    return fill


FILLS: dict[str, Fill] = {
    TEXT: _words,
    CODE: _words,
    CODES: _lists,
    FLAG: _values(int),
    INTEGER: _values(int),
    DECIMAL: _values(Decimal),
    DATE: _values(date.fromisoformat),
    TIME: _values(datetime.fromisoformat),
}
"""How arrays are made of cells."""
