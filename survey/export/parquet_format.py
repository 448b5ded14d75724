"""Parquet: typed columns in batches, lists for multiple choice, words of codes in the schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any

from survey.export.arrow import Decimals, Gathering, Lists, Numbers, Texts, Values, Words
from survey.export.values import batches
from survey.questionnaire.model import MISSING
from survey.table import NOT_ASKED, Cell, Table, columns_of
from survey.table.codebook import meanings, missing_words
from survey.table.columns import CODE, CODES, DATE, DECIMAL, FLAG, INTEGER, TEXT, TIME, Column
from survey.table.table import Say, Shown

ROWS = 5_000
"""The rows of a row group: memory holds no more, and most of them only as Arrow does."""

DIGITS, DECIMALS = 21, 6
"""What any number that a form admits has at most."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TYPED = (CODES, FLAG, INTEGER, DECIMAL, DATE)
"""These hold nothing but values, so that a column beside them must say why there is none."""

WHY: frozenset[Cell] = frozenset((*MISSING, NOT_ASKED))

Cells = Sequence[Any]

Read = Callable[[Cells], Values]
"""The values that cells hold."""


@dataclass(frozen=True, slots=True)
class Part:
    """A column of the file: its Arrow field, and what gathers the values of the cells at a place."""

    field: Any
    place: int
    read: Read
    gathering: Gathering


def write(table: Table, file: IO[bytes]) -> None:
    """Each column under its name, with its question and its codes in its metadata."""
    import pyarrow
    from pyarrow import parquet

    parts = list(_parts(table))
    schema = pyarrow.schema([part.field for part in parts], metadata=_about(table))
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for count in _gathered(table, parts):
            writer.write_table(_taken(parts, schema), count)


def _taken(parts: list[Part], schema: Any) -> Any:
    """The row group that has been gathered. Only the writer holds it, so that there is never a second."""
    import pyarrow

    arrays = [part.gathering.take() for part in parts]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _gathered(table: Table, parts: list[Part]) -> Iterator[int]:
    """Fills the parts with the rows of one row group after the other, and says how many they are."""
    count = 0
    for cells in batches(table):
        for part in parts:
            part.gathering.add(part.read(cells[part.place]))
        count += len(cells[0])
        if count >= ROWS:
            yield count
            count = 0
    if count:
        yield count


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
        lambda cells: [cell if cell in WHY else None for cell in cells],
        Words(kind),
    )


def _part(table: Table, shown: Shown) -> Part:
    import pyarrow

    column = table.columns[shown.place]
    kind = _kinds()[column.data_type]
    read, gathering = READ[column.data_type](shown.say), GATHERINGS[column.data_type](kind)
    field = pyarrow.field(shown.column.name, kind, metadata=_metadata(table, column))
    return Part(field, shown.place, read, gathering)


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


def _words(say: Say | None) -> Read:
    return (lambda cells: cells) if say is None else lambda cells: [*map(say, cells)]


def _lists(say: Say | None) -> Read:
    def read(cells: Cells) -> Values:
        lists = [None if cell is None or cell in WHY else cell.split(" ") for cell in cells]
        return lists if say is None else [each and [*map(say, each)] for each in lists]

    return read


def _whole(_: Say | None) -> Read:
    return lambda cells: [cell if isinstance(cell, int) else None for cell in cells]


def _values(value_of: Callable[[Any], Any]) -> Callable[[Say | None], Read]:
    def read(cells: Cells) -> Values:
        return [None if cell is None or cell in WHY else value_of(cell) for cell in cells]

    return lambda _: read


def _days(cell: str) -> int:
    return (date.fromisoformat(cell) - EPOCH.date()).days


def _milliseconds(cell: str) -> int:
    return (datetime.fromisoformat(cell) - EPOCH) // timedelta(milliseconds=1)


READ: dict[str, Callable[[Say | None], Read]] = {
    TEXT: _words,
    CODE: _words,
    CODES: _lists,
    FLAG: _whole,
    INTEGER: _whole,
    DECIMAL: _values(Decimal),
    DATE: _values(_days),
    TIME: _values(_milliseconds),
}
"""How the cells of each data type are read, in words if these are wanted."""

GATHERINGS: dict[str, type[Gathering]] = {
    TEXT: Texts,
    CODE: Words,
    CODES: Lists,
    FLAG: Numbers,
    INTEGER: Numbers,
    DECIMAL: Decimals,
    DATE: Numbers,
    TIME: Numbers,
}
"""What gathers their values."""
