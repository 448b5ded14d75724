"""A paper form typed in by codes → the fields that a participant's form sends, and the way back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from survey.form.body import Fields
from survey.form.fields import MISSING_FIELD, AnswerField
from survey.i18n import bones, folded, western_digits
from survey.questionnaire.model import OTHER, Choice, Question, Words
from survey.response import Answer, Answers, clean_text, missing_kind

if TYPE_CHECKING:
    from survey.form.form import QuestionnaireForm

SEPARATORS = re.compile(r"[\s,;،؛]+")
LEAST_OF_NAME = 3
MOST_NAMED = 6

Typed: TypeAlias = Mapping[str, str]
"""What stands on the sheet, by the names of its lines."""

Pair: TypeAlias = tuple[str, str]
"""A name and a value, as a participant's form sends them."""


class CodeError(ValueError):
    """A code that says nothing here; the message is an instruction."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place to type in: the question's own, or one for each row, share or idea. `place` counts
    ideas; `is_other` is the text beside the choice *other*."""

    name: str
    label: Words
    place: int = 0
    is_other: bool = False


CODED = ("select_one", "select_multiple", "rank", "matrix", "vote")
LONG = ("select_multiple", "rank")
"""Several codes on one line."""


def lines(question: Question) -> list[Line]:
    """The places where a question's answer is typed."""
    name = question.name
    if question.type in ("matrix", "vote"):
        found = [Line(f"{name}__{row.name}", row.label) for row in question.rows]
    elif question.type == "allocation":
        found = [Line(f"{name}__{choice.name}", choice.label) for choice in question.choices]
    elif question.type == "statements":
        places = range(1, (question.max_items or 1) + 1)
        found = [Line(f"{name}__{place}", {}, place) for place in places]
    else:
        found = [Line(name, {})]
    if question.other is not None:
        found.append(Line(f"{name}__{OTHER}", question.other.label, is_other=True))
    return found


def codes(question: Question) -> Mapping[str, str]:
    """Every way to type a choice, and its name: the name as printed, in small letters, too, and its
    number, unless names of this question are numbers themselves."""
    names = [choice.name for choice in question.options()]
    found = {name: name for name in names}
    if not any(map(str.isdigit, names)):
        found |= {str(number): name for number, name in enumerate(names, 1)}
    small = Counter(map(str.lower, names))
    for name in names:
        if small[name.lower()] == 1:
            found.setdefault(name.lower(), name)
    return found


def code_in(question: Question, text: str) -> str | None:
    """The name of the choice that a text is a code of."""
    known, plain = codes(question), western_digits(text)
    return known.get(plain) or known.get(plain.lower())


def process(form: QuestionnaireForm, typed: Fields) -> None:
    """Gives a form what was typed, as if a participant had sent it. A code that says nothing becomes
    the message at its question."""
    pairs: list[Pair] = []
    problems: dict[str, str] = {}
    for field in form:
        try:
            pairs += sent_for(field, typed)
        except CodeError as error:
            problems[field.name] = str(error)
    form.process(Fields(pairs))
    for name, problem in problems.items():
        form[name].process_errors = [problem]


def sent_for(field: AnswerField, typed: Typed) -> list[Pair]:
    """What a participant would have sent for one question. Raises CodeError."""
    question = field.question
    plain = {line.name: clean_text(typed.get(line.name, "")) for line in lines(question)}
    other = f"{question.name}__{OTHER}"
    beside = [(other, plain.pop(other))] if other in plain else []
    return [*DECODE[question.type](field, plain), *beside]


def _coded(field: AnswerField, typed: Typed) -> Iterator[Pair]:
    for name, text in typed.items():
        if text:
            yield name, code_in(field.question, text) or _place(field, text)


def _place(field: AnswerField, text: str) -> str:
    """A place that is typed by its name."""
    found = named(field.question, text)
    if len(found) == 1:
        return found[0].name
    if not found:
        raise _unknown(field, text)
    listed = " / ".join(f"{choice.name} {_called(field, choice)}" for choice in found[:MOST_NAMED])
    words = field.gettext("“%(typed)s” can be several: %(codes)s. Type the code.")
    raise CodeError(words % {"typed": text, "codes": listed})


def _called(field: AnswerField, choice: Choice) -> str:
    """A place's name; one that holds others says that the whole of it is meant."""
    name = field.say(choice)
    if choice.level == field.question.levels[-1]:
        return name
    return field.gettext("%(place)s (the whole)") % {"place": name}


def named(question: Question, text: str) -> list[Choice]:
    """The places that are called like this, in any language; else those whose names begin so, else
    those that are spelt otherwise."""
    plain = folded(text)
    if not question.levels or len(plain) < LEAST_OF_NAME:
        return []
    spelt = [(choice, spellings(choice)) for choice in question.choices]
    for fits in (
        lambda name: name == plain,
        lambda name: name.startswith(plain),
        lambda name: len(bones(plain)) >= LEAST_OF_NAME and bones(name) == bones(plain),
    ):
        found = [choice for choice, names in spelt if any(map(fits, names))]
        if found:
            return found
    return []


def spellings(choice: Choice) -> list[str]:
    """A place's names in every language, folded, each once."""
    return list(dict.fromkeys(map(folded, choice.label.values())))


def _unknown(field: AnswerField, text: str) -> CodeError:
    words = field.gettext("“%(typed)s” is no code of this question. Look at the codes here.")
    return CodeError(words % {"typed": text})


def _several(field: AnswerField, typed: Typed) -> list[str]:
    texts = [text for text in SEPARATORS.split(typed[field.name]) if text]
    names: list[str] = []
    for text in texts:
        name = code_in(field.question, text)
        if name is None:
            raise _unknown(field, text)
        if name in names:
            words = field.gettext("“%(typed)s” is there twice: type each code once.")
            raise CodeError(words % {"typed": text})
        names.append(name)
    return names


def _multiple(field: AnswerField, typed: Typed) -> Iterator[Pair]:
    for name in _several(field, typed):
        yield field.name, name


def _ranked(field: AnswerField, typed: Typed) -> Iterator[Pair]:
    missing = _missing(field.question)
    for place, name in enumerate(_several(field, typed), 1):
        if name in missing:
            yield field.part(MISSING_FIELD), name
        else:
            yield field.part(name), str(place)


def _number(field: AnswerField, typed: Typed) -> Iterator[Pair]:
    """Numbers and dates, line by line; a reserved code on any of them is for the whole question."""
    missing = _missing(field.question)
    said: set[str] = set()
    for name, text in typed.items():
        if text.lower() in missing:
            said.add(text.lower())
        else:
            yield name, text
    for name in sorted(said):
        yield field.part(MISSING_FIELD), name


def _text(field: AnswerField, typed: Typed) -> Iterator[Pair]:
    missing = _missing(field.question)
    said: set[str] = set()
    for name, text in typed.items():
        if text in missing:
            said.add(text)
        else:
            yield name, _bare(text, missing)
    for name in sorted(said):
        yield field.part(MISSING_FIELD), name


def _bare(text: str, missing: Iterable[str]) -> str:
    """Quotes tell a text that is `dk` from the code."""
    is_quoted = len(text) > 2 and text[0] == text[-1] == '"' and text.strip('"') in missing
    return text[1:-1] if is_quoted else text


def _missing(question: Question) -> list[str]:
    return [choice.name for choice in question.missing()]


DECODE: dict[str, Callable[[AnswerField, Typed], Iterator[Pair]]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _number,
    "select_one": _coded,
    "select_multiple": _multiple,
    "rank": _ranked,
    "matrix": _coded,
    "allocation": _number,
    "statements": _text,
    "vote": _coded,
}
"""How what is typed for each question type is read."""


def meanings(field: AnswerField, typed: Typed) -> dict[str, list[str]]:
    """What the codes on each line mean, in words, as far as they are codes."""
    question = field.question
    options = {choice.name: field.say(choice) for choice in question.options()}
    missing = _missing(question)
    found: dict[str, list[str]] = {}
    for line in lines(question):
        text = clean_text(typed.get(line.name, ""))
        if line.is_other:
            continue
        if question.type in CODED:
            texts = SEPARATORS.split(text) if question.type in LONG else [text]
            names = [code_in(question, each) or _only(question, each) for each in texts]
        else:
            names = [text if text in missing else ""]
        found[line.name] = [options[name] for name in names if name]
    return found


def _only(question: Question, text: str) -> str:
    places = named(question, text)
    return places[0].name if len(places) == 1 else ""


def typed_for(question: Question, answers: Answers) -> dict[str, str]:
    """What has to be typed for stored answers: the other way round of `process`."""
    answer = answers.get(question.name)
    text = answers.get(f"{question.name}__{OTHER}")
    beside = {f"{question.name}__{OTHER}": str(text)} if text else {}
    if answer is None:
        return beside
    missing = missing_kind(answer)
    if missing is not None:
        return {lines(question)[0].name: missing} | beside
    return ENCODE[question.type](question, answer) | beside


def _typed_one(question: Question, answer: Answer) -> dict[str, str]:
    return {question.name: str(answer)}


def _typed_several(question: Question, answer: Answer) -> dict[str, str]:
    return {question.name: " ".join(answer)}


def _typed_parts(question: Question, answer: Any) -> dict[str, str]:
    return {
        f"{question.name}__{part}": str(missing_kind(value) or value)
        for part, value in answer.items()
    }


def _typed_text(question: Question, answer: Answer) -> dict[str, str]:
    return {question.name: _quoted(answer, question)}


def _typed_ideas(question: Question, answer: Answer) -> dict[str, str]:
    return {
        f"{question.name}__{place}": _quoted(text, question) for place, text in enumerate(answer, 1)
    }


def _quoted(text: str, question: Question) -> str:
    return f'"{text}"' if text.strip('"') in _missing(question) else text


ENCODE: dict[str, Callable[[Question, Answer], dict[str, str]]] = {
    "text": _typed_text,
    "integer": _typed_one,
    "decimal": _typed_one,
    "date": _typed_one,
    "select_one": _typed_one,
    "select_multiple": _typed_several,
    "rank": _typed_several,
    "matrix": _typed_parts,
    "allocation": _typed_parts,
    "statements": _typed_ideas,
    "vote": _typed_parts,
}
"""How the answer to each question type is typed."""
