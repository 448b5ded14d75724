"""Arrow arrays made here hold what Arrow itself says they hold, however often they are taken."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.export.arrow import Decimals, Gathering, Lists, Numbers, Texts, Words
from tests.all_types import TEXT
from tests.conftest import PROJECT

CODES = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
KINDS: list[tuple[type[Gathering], Any, st.SearchStrategy[Any]]] = [
    (Numbers, pyarrow.int8(), st.integers(-(2**7), 2**7 - 1)),
    (Numbers, pyarrow.int64(), st.integers(-(2**63), 2**63 - 1)),
    (Decimals, pyarrow.decimal128(21, 6), st.decimals(-(10**15) + 1, 10**15 - 1, places=6)),
    (Texts, pyarrow.string(), TEXT),
    (Words, CODES, st.sampled_from(["dk", "B.2", "كبير", "𐤀"])),
    (Lists, pyarrow.list_(pyarrow.string()), st.lists(TEXT, max_size=3)),
]


@pytest.mark.parametrize("gathering, kind, values", KINDS, ids=[str(kind[1]) for kind in KINDS])
@given(st.data())
def test_what_is_gathered_is_in_the_array(
    gathering: type[Gathering], kind: Any, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    gathered = gathering(kind)
    batches = st.lists(st.lists(values | st.none(), max_size=20), max_size=3)
    for together in data.draw(st.lists(batches, min_size=1, max_size=3)):
        for batch in together:
            gathered.add(batch)
        made = gathered.take()
        made.validate(full=True)
        assert made.type == kind
        assert made.to_pylist() == [value for batch in together for value in batch]


@pytest.mark.parametrize("digits", ["0.0000019", "1e15"])
def test_no_digit_of_a_decimal_is_cut(digits: str) -> None:
    with pytest.raises(ValueError, match="does not fit decimal128"):
        Decimals(pyarrow.decimal128(21, 6)).add([Decimal(digits)])


def test_an_array_stays_as_it_is_when_more_is_gathered() -> None:
    gathered = Texts(pyarrow.string())
    gathered.add(["un"])
    first = gathered.take()
    gathered.add(["deux", None])
    assert first.to_pylist() == ["un"] and gathered.take().to_pylist() == ["deux", None]


def test_each_word_is_kept_once() -> None:
    gathered = Words(CODES)
    gathered.add(["b", "a", None, "b"])
    made = gathered.take()
    assert made.dictionary.to_pylist() == ["b", "a"] and made.indices.to_pylist() == [0, 1, None, 0]


def test_parquet_does_without_pandas() -> None:
    """Which would be a third of its memory."""
    code = """
import io, sys
from survey.export import FORMATS
from tests.conftest import dataset_of
from tests.export.hard_names import NASTY, RESPONSES
loaded = "pandas" in sys.modules
FORMATS["parquet"].export(dataset_of(NASTY, RESPONSES), "wide", io.BytesIO())
print(loaded, "pandas" in sys.modules, "pyarrow" in sys.modules)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "False", "True"]
