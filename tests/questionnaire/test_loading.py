"""What a right questionnaire loads as, and where and how each mistake in one is told."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.questionnaire.loading import QuestionnaireError, load, load_text
from survey.questionnaire.loading.keys import NEEDED, QUESTION_KEYS, TYPES
from survey.questionnaire.model import ENVELOPE, Question
from tests.conftest import HEADER, questionnaire_of, questionnaire_text

WORDS = "{fr: Mot, ar: كلمة}"
CHOICE_LISTS = f"""\
actor_groups:
- {{name: producers, label: {WORDS}}}
themes:
- {{name: money, label: {WORDS}}}
choices:
  few:
  - {{name: "yes", group: producers, label: {WORDS}}}
  - {{name: "no", group: producers, label: {WORDS}}}
  rows:
  - {{name: roads, label: {WORDS}}}
  - {{name: water, label: {WORDS}}}
scales:
  points:
  - {{name: "1", label: {WORDS}}}
  - {{name: "2", label: {WORDS}}}
  votes:
  - {{name: agree, label: {WORDS}}}
  - {{name: disagree, label: {WORDS}}}
  - {{name: pass, label: {WORDS}}}
"""


def question(keys: str) -> str:
    """A question with these keys and a label."""
    return f"- {{{keys}, label: {WORDS}}}\n"


def refused(questions: str, top: str = "", folder: Path | None = None) -> list[str]:
    """The problems of a questionnaire in whose YAML each `»` marks the place of one of them."""
    return refused_text(questionnaire_text(questions, top), folder)


def refused_text(marked: str, folder: Path | None = None) -> list[str]:
    places = []
    while "»" in marked:
        before, _, after = marked.partition("»")
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        marked = before + after
    with pytest.raises(QuestionnaireError) as error:
        load_text(marked.encode(), "tiny.yaml", folder)
    problems = error.value.problems
    here = [problem for problem in problems if problem.file == "tiny.yaml"]
    assert [(problem.line, problem.column) for problem in here] == places, error.value
    return [f"{problem.what}. {problem.remedy}." for problem in problems]


# A right questionnaire


def test_a_right_questionnaire_has_its_sections_and_questions_in_order() -> None:
    questionnaire = questionnaire_of(
        question("type: text, name: b") + question("type: note, name: a")
    )
    assert questionnaire.name == "tiny"
    assert questionnaire.title == {"fr": "Essai", "ar": "تجربة"}
    assert [section.name for section in questionnaire.sections] == ["only"]
    assert [each.name for each in questionnaire.questions()] == ["b", "a"]
    assert questionnaire.question("a").label == {"fr": "Mot", "ar": "كلمة"}


def test_what_is_left_out_has_its_default() -> None:
    questionnaire = questionnaire_of(question("type: text, name: a"))
    assert questionnaire.default_language == "fr"
    assert questionnaire.min_group_size == 5
    assert questionnaire.question("a") == Question(
        "text", "a", {"fr": "Mot", "ar": "كلمة"}, max_length=255
    )


@pytest.mark.parametrize(
    ("keys", "defaults"),
    [
        ("type: text, appearance: multiline", {"max_length": 3000}),
        ("type: text, appearance: multiline, max_length: 9", {"max_length": 9}),
        ("type: integer", {"min": 0}),
        ("type: integer, min: -5", {"min": -5}),
        ("type: decimal", {"min": Decimal(0)}),
        ("type: decimal, max: 2.50", {"max": Decimal("2.50")}),
        ("type: date, min: 2026-03-22", {"min": date(2026, 3, 22), "max": None}),
        ("type: allocation, choices: few", {"total": 100}),
        ("type: statements", {"max_items": 3, "max_length": 140}),
    ],
)
def test_a_type_has_its_bounds(keys: str, defaults: dict[str, object]) -> None:
    loaded = questionnaire_of(question(f"name: a, {keys}"), CHOICE_LISTS).question("a")
    assert {key: getattr(loaded, key) for key in defaults} == defaults


def test_a_question_takes_its_dimension_from_its_section_unless_it_has_its_own() -> None:
    text = questionnaire_text(
        question("type: text, name: a") + question("type: text, name: b, dimension: challenge")
    ).replace("- name: only", "- name: only\n  dimension: opportunity")
    questionnaire = load_text(text.encode(), "tiny.yaml")
    assert [each.dimension for each in questionnaire.questions()] == ["opportunity", "challenge"]


def test_dk_na_and_other_have_the_usual_words_or_words_of_their_own() -> None:
    loaded = questionnaire_of(
        question(f"type: select_one, name: a, choices: few, dk: true, na: {{label: {WORDS}}}"),
        CHOICE_LISTS,
    ).question("a")
    assert loaded.dk is not None and loaded.na is not None and loaded.other is None
    assert loaded.dk.label.keys() == {"fr", "ar"}
    assert loaded.na.label == {"fr": "Mot", "ar": "كلمة"}
    assert [choice.name for choice in loaded.options()] == ["yes", "no", "dk", "na"]


def test_what_is_offered_with_false_is_not_offered() -> None:
    loaded = questionnaire_of(question("type: text, name: a, dk: false")).question("a")
    assert loaded.dk is None


@pytest.mark.parametrize("prefix", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_change_nothing(line_end: str, prefix: str) -> None:
    text = questionnaire_text(question("type: text, name: a"))
    written = prefix + text.replace("\n", line_end)
    assert load_text(written.encode(), "x.yaml") == load_text(text.encode(), "x.yaml")


TRAPS = ["no", "on", "y", "null", "~", "true", "09", "1e3", "0x1F", "12:30", "2026-03-22", "1_000"]


@pytest.mark.parametrize("trap", [*TRAPS, "0o17", ".inf", "+12", "1.10", "=", "<<"])
def test_words_are_never_read_as_something_else(trap: str) -> None:
    label = f"{{fr: {trap}, ar: {trap}}}"
    loaded = questionnaire_of(f"- {{type: note, name: a, label: {label}}}")
    assert loaded.question("a").label == {"fr": trap, "ar": trap}


@pytest.mark.parametrize("trap", ["no", "on", "y", "null", "true", "09", "1e3", "09.541", "1.10"])
def test_choice_names_are_never_read_as_something_else(trap: str) -> None:
    loaded = questionnaire_of(
        question(f"type: rank, name: a, choices: [{{name: {trap}, label: {WORDS}}}]")
    )
    assert [choice.name for choice in loaded.question("a").choices] == [trap]


# Every problem, at its place


def test_every_problem_is_told_at_once_from_the_first_line_to_the_last() -> None:
    problems = refused(
        f"""
- {{type: text, name: a, »hnt: {WORDS}, label: {WORDS}}}
- {{type: »integr, name: b, label: {WORDS}}}
- {{type: integer, name: »C, label: {WORDS}}}
- {{type: integer, name: d, label: »{{fr: Mot}}}}
- {{type: text, name: »a, theme: »nothing, label: {WORDS}}}
- {{type: text, name: f, relevant: "»${{nobody}} = 1", label: {WORDS}}}
""",
        top="""
min_group_size: »0
conditions:
  none: "»${nothing} = 1"
""",
    )
    assert len(problems) == 9


def test_a_missing_key_at_the_top_hides_no_other_problem() -> None:
    text = questionnaire_text(
        question('type: text, name: a, theme: »nothing, relevant: "»${nobody} = 1"'),
        top="min_group_size: »0\n",
    )
    refused_text("»" + text.removeprefix("name: tiny\n"))


def test_two_badly_named_sections_are_not_taken_for_the_same() -> None:
    text = questionnaire_text(question("type: text, name: a"))
    section = text[text.index("- name: only") :].replace("name: a", "name: b")
    refused_text(text.replace("name: only", "name: »First") + section.replace("only", "»Second"))


def test_a_problem_is_told_on_one_line_whatever_the_name_in_it() -> None:
    text = questionnaire_text(question(r'type: text, name: a, "h\nint\r": x'))
    with pytest.raises(QuestionnaireError) as error:
        load_text(text.encode(), "tiny.yaml")
    assert len(str(error.value).splitlines()) == 1


def test_a_problem_names_its_file_line_and_column_and_says_what_to_do() -> None:
    with pytest.raises(QuestionnaireError) as error:
        questionnaire_of(question(f"type: text, name: a, hnt: {WORDS}"))
    assert str(error.value) == ("tiny.yaml:9:27: a question has no key `hnt`. Did you mean `hint`.")


def test_columns_count_characters_not_bytes() -> None:
    refused(f"- {{type: text, label: {WORDS}, hint: {WORDS}, name: a, »éé: x}}")


# Keys


def test_a_misspelt_key_is_reported_with_the_key_that_was_meant() -> None:
    assert refused(f"- »{{type: text, name: a, »lable: {WORDS}}}") == [
        "a question lacks `label`. Add `label:` (The question).",
        "a question has no key `lable`. Did you mean `label`.",
    ]


def test_a_key_like_no_other_is_reported_with_all_the_keys_there_are() -> None:
    assert refused("- {type: note, name: a, »xyz: 1, label: " + WORDS + "}") == [
        "a question has no key `xyz`. It takes: "
        + ", ".join(key.name for key in QUESTION_KEYS)
        + "."
    ]


def test_a_key_given_twice_is_reported_at_its_second_place() -> None:
    assert refused(question("type: text, name: a, core: true, »core: false")) == [
        "the key `core` is given twice. Keep one of them."
    ]
    assert refused(question("type: text, name: a"), "min_group_size: 5\n»min_group_size: 6\n") == [
        "the key `min_group_size` is given twice. Keep one of them."
    ]


def test_a_list_a_language_or_a_condition_given_twice_is_reported() -> None:
    refused(
        "- {type: text, name: a, label: {fr: x, ar: y, »fr: z}}",
        f"""
choices:
  one: [{{name: a, label: {WORDS}}}]
  »one: [{{name: a, label: {WORDS}}}]
conditions:
  here: "1 = 1"
  »here: "1 = 1"
""",
    )


@pytest.mark.parametrize("key", ["name", "title", "languages", "privacy_notice", "sections"])
def test_a_questionnaire_needs_its_keys(key: str) -> None:
    text = questionnaire_text(question("type: text, name: a"))
    lines = text[: text.index("sections:")] if key == "sections" else text
    kept = "".join(line for line in lines.splitlines(True) if not line.startswith(f"{key}:"))
    [problem] = refused_text("»" + kept)
    assert problem.startswith(f"the questionnaire lacks `{key}`. Add `{key}:` (")


def test_a_section_needs_a_name_a_title_and_questions() -> None:
    problems = refused_text(HEADER + "sections:\n- »»»hint: " + WORDS + "\n")
    assert [problem.partition(".")[0] for problem in problems] == [
        "a section lacks `name`",
        "a section lacks `questions`",
        "a section lacks `title`",
    ]


@pytest.mark.parametrize(
    ("yaml", "what"),
    [
        ("»only one", "questions must be a list"),
        ("»[]", "questions is empty"),
        ("[»only one]", "a question must be a mapping"),
        ("[»[one]]", "a question must be a mapping"),
        ("»{type: text}", "questions must be a list"),
        (f"[{{type: »[text], name: a, label: {WORDS}}}]", "type must be a text"),
        (f"[{{type: »'', name: a, label: {WORDS}}}]", "type is empty"),
        (f"[{{type: text, name: a, label: {WORDS}, »[a]: b}}]", "a question has no key `?`"),
        (f"[{{type: text, name: a, label: {WORDS}, ? »{{a: b}} : c}}]", "a question has no key"),
    ],
)
def test_a_value_of_the_wrong_kind_is_reported_at_its_place(yaml: str, what: str) -> None:
    text = questionnaire_text("")
    [problem] = refused_text(text[: text.rindex("questions:")] + f"questions: {yaml}\n")
    assert problem.startswith(what)


@pytest.mark.parametrize("key", ["conditions", "choices", "scales"])
def test_named_things_are_a_mapping(key: str) -> None:
    [problem] = refused(question("type: text, name: a"), f"{key}: »[a]\n")
    assert problem.startswith(f"{key} must be a mapping. Write `name: …` on lines of their own")


def test_a_section_has_at_most_three_hundred_questions() -> None:
    questions = [question(f"type: note, name: q{number}") for number in range(301)]
    assert len(list(questionnaire_of("".join(questions[:300])).questions())) == 300
    [problem] = refused("»" + "".join(questions))
    assert problem == "questions has more than 300 items. Split or shorten it."


def test_a_text_has_at_most_ten_thousand_characters() -> None:
    def labelled(text: str) -> str:
        return f"- {{type: note, name: a, label: {{fr: Mot, ar: {text}}}}}"

    assert questionnaire_of(labelled("ت" * 10_000))
    assert refused(labelled("»" + "ت" * 10_001)) == [
        "label in ar is longer than 10,000 characters. Shorten it."
    ]


# Words and languages


def test_words_missing_in_a_language_are_reported_where_the_words_begin() -> None:
    assert refused("- {type: note, name: a, label: »{fr: Mot}}") == [
        "label is missing in ar. Add `ar:`, or declare the language under `partial`."
    ]


def test_words_in_a_language_that_is_not_declared_are_reported() -> None:
    assert refused("- {type: note, name: a, label: {fr: Mot, ar: كلمة, »en: Word}}") == [
        "the language `en` is not declared. Declare it in `languages` or `partial`, or remove it."
    ]


def test_words_without_a_language_are_reported_with_how_to_write_them() -> None:
    assert refused("- {type: note, name: a, label: »Mot}") == [
        "label must be in each language. Write {fr: …, ar: …}."
    ]


@pytest.mark.parametrize("nothing", ["''", '"  "', '"\\n"'])
def test_empty_words_are_reported(nothing: str) -> None:
    [problem] = refused(f"- {{type: note, name: a, label: {{fr: Mot, ar: »{nothing}}}}}")
    assert problem.startswith("label in ar is empty")


def test_every_text_of_the_questionnaire_is_in_every_language() -> None:
    problems = refused(
        f"""
- type: integer
  name: a
  label: {WORDS}
  hint: »{{fr: Mot}}
  unit: »{{fr: Mot}}
  dk: {{label: »{{fr: Mot}}}}
  constraint: . > 1
  constraint_message: »{{fr: Mot}}
""",
        """
intro: »{fr: Mot}
actor_groups: [{name: a, label: »{fr: Mot}}]
themes: [{name: a, label: »{fr: Mot}}]
choices: {few: [{name: a, label: »{fr: Mot}}]}
scales: {points: [{name: a, label: »{fr: Mot}}]}
codebook: [{name: a, label: »{fr: Mot}}]
""",
    )
    assert all("is missing in ar" in problem for problem in problems)


def test_a_partial_language_may_leave_words_out_and_another_stands_in() -> None:
    questionnaire = questionnaire_of(
        """
- {type: note, name: a, label: {fr: Mot, ar: كلمة}}
- {type: note, name: b, label: {fr: Mot, ar: كلمة, zgh: ⴰⵡⴰⵍ}}
""",
        "partial: [zgh]\nfallback: ar\n",
    )
    labels = [each.label for each in questionnaire.questions()]
    assert [questionnaire.say("zgh", label) for label in labels] == ["كلمة", "ⴰⵡⴰⵍ"]
    assert [questionnaire.said_in("zgh", label) for label in labels] == ["ar", "zgh"]
    assert questionnaire.offered_languages == ("fr", "ar", "zgh")


def test_usual_words_that_a_partial_language_lacks_are_not_made_up() -> None:
    loaded = questionnaire_of(
        question("type: text, name: a, dk: true"), "partial: [zgh]\nfallback: fr\n"
    ).question("a")
    assert loaded.dk is not None
    assert loaded.dk.label.get("zgh") != "Don’t know"


def test_partial_languages_need_a_fallback_that_is_complete() -> None:
    [problem] = refused(question("type: note, name: a"), "partial: »[zgh]\n")
    assert problem.startswith("partial languages need a fallback")
    [problem] = refused(question("type: note, name: a"), "partial: [zgh]\nfallback: »zgh\n")
    assert problem == "fallback cannot be `zgh`. Write one of: fr, ar."


def test_a_language_is_declared_once_and_known_to_the_app() -> None:
    assert refused(question("type: note, name: a"), "partial: [»fr]\nfallback: ar\n") == [
        "the language `fr` is there twice. Keep it under `partial` only."
    ]
    text = questionnaire_text(question("type: note, name: a"))
    assert refused_text(text.replace("[fr, ar]", "[fr, ar, »tlh]")) == [
        "a language cannot be `tlh`. Write one of: ar, fr, zgh, en."
    ]


def test_the_default_language_is_one_of_the_complete_ones() -> None:
    assert (
        questionnaire_of(question("type: note, name: a"), "default_language: ar\n").default_language
        == "ar"
    )
    refused(question("type: note, name: a"), "default_language: »en\n")


def test_the_privacy_notice_takes_the_same_known_placeholders_in_each_language() -> None:
    text = questionnaire_text(question("type: note, name: a"))
    notice = 'privacy_notice: {fr: "Avis de {controller}", ar: "إشعار {controller}"}'
    assert notice in text
    unknown = 'privacy_notice: »»{fr: "{controler}", ar: "{controler}"}'
    assert refused_text(text.replace(notice, unknown)) == [
        f"the privacy notice in {language} has the unknown placeholder {{controler}}. "
        "There are {controller}, {contact}, {retention}, {cndp_receipt}."
        for language in ("ar", "fr")
    ]
    assert refused_text(
        text.replace(notice, 'privacy_notice: »{fr: "{contact}", ar: "{controller}"}')
    ) == [
        "the notice's placeholders differ between languages. Use the same ones in every language."
    ]


# Names


@pytest.mark.parametrize("name", ["a", "a1", "a_b", "data", "meta", "validate", "x" * 24])
def test_a_question_may_bear_any_name_of_small_letters_digits_and_single_underscores(
    name: str,
) -> None:
    assert questionnaire_of(question(f"type: text, name: {name}")).question(name).name == name


@pytest.mark.parametrize(
    "name", ["A", "1a", "_a", "a_", "a__b", "a-b", "a.b", "é", "ت", '"a b"', "x" * 25]
)
def test_a_question_bears_no_other_name(name: str) -> None:
    [problem] = refused(question(f"type: text, name: »{name}"))
    assert problem.startswith("the name of a question cannot be `")


@pytest.mark.parametrize("name", ENVELOPE)
def test_a_question_cannot_bear_the_name_of_a_column_that_every_response_has(name: str) -> None:
    [problem] = refused(question(f"type: text, name: »{name}"))
    assert problem.startswith(f"a question cannot be called `{name}`")


def test_two_questions_bear_different_names_in_different_sections_too() -> None:
    text = questionnaire_text(question("type: text, name: a"))
    section = text[text.index("- name: only") :].replace("only", "second")
    assert refused_text(text + section.replace("name: a", "name: »a")) == [
        "the question `a` is there twice. Rename one."
    ]


def test_two_sections_bear_different_names() -> None:
    text = questionnaire_text(question("type: text, name: a"))
    section = text[text.index("- name: only") :].replace("name: a", "name: b")
    assert refused_text(text + section.replace("only", "»only")) == [
        "the section `only` is there twice. Rename one."
    ]


# Types and their keys

SAMPLES = {
    "hint": WORDS,
    "required": "true",
    "core": "true",
    "relevant": '"1 = 1"',
    "role": "actor_group",
    "dimension": "challenge",
    "theme": "money",
    "choices": "few",
    "choice_filter": "name = name",
    "rows": "rows",
    "scale": "points",
    "other": "{group: producers}",
    "dk": "true",
    "na": "true",
    "min": "1",
    "max": "2",
    "max_length": "10",
    "max_items": "2",
    "total": "10",
    "unit": WORDS,
    "appearance": "multiline",
    "order": "random",
    "suggestions": "few",
    "quote_consent": "consent",
    "personal": "true",
}
NEEDS = {
    "select_one": "choices: few",
    "select_multiple": "choices: few",
    "rank": "choices: few",
    "matrix": "rows: rows, scale: points",
    "allocation": "choices: few",
    "vote": "rows: rows",
}
TOGETHER = ("constraint", "constraint_message")
CONSENT = question("type: select_one, name: consent, choices: few, role: quote_consent")


def sample(type: str, key: str) -> str:
    if type == "date" and key in ("min", "max"):
        return "2026-03-22"
    return "votes" if (type, key) == ("vote", "scale") else SAMPLES[key]


def minimal(type: str) -> str:
    return f"type: {type}, name: a" + (f", {NEEDS[type]}" if type in NEEDS else "")


OPTIONAL = [
    (type, key)
    for type, (_, keys) in TYPES.items()
    for key in keys
    if key in SAMPLES and f"{key}:" not in minimal(type) and (type, key) != ("select_one", "scale")
]
FOREIGN = [(type, key) for type, (_, keys) in TYPES.items() for key in SAMPLES if key not in keys]


@pytest.mark.parametrize("type", TYPES)
def test_a_type_needs_no_more_than_it_must(type: str) -> None:
    assert questionnaire_of(question(minimal(type)), CHOICE_LISTS).question("a").type == type


@pytest.mark.parametrize(("type", "key"), OPTIONAL)
def test_a_type_takes_each_of_its_keys(type: str, key: str) -> None:
    text = CONSENT + question(f"{minimal(type)}, {key}: {sample(type, key)}")
    plain = questionnaire_of(CONSENT + question(minimal(type)), CHOICE_LISTS).question("a")
    loaded = questionnaire_of(text, CHOICE_LISTS).question("a")
    assert getattr(loaded, key) is not None
    assert loaded != plain or (type, key) == ("vote", "scale")


@pytest.mark.parametrize(("type", "key"), FOREIGN)
def test_a_type_takes_no_other_key(type: str, key: str) -> None:
    text = CONSENT + question(f"{minimal(type)}, {key}: »{sample(type, key)}")
    [problem] = refused(text, CHOICE_LISTS)
    assert problem.startswith(f"a question of type {type} has no `{key}`. Remove it; {type} takes:")


@pytest.mark.parametrize(
    ("type", "group"), [(type, group) for type, groups in NEEDED.items() for group in groups]
)
def test_a_type_needs_its_lists(type: str, group: tuple[str, ...]) -> None:
    kept = [part for part in minimal(type).split(", ") if part.split(":")[0] not in group]
    text = question(", ".join(kept).replace("type: ", "type: »"))
    [problem] = refused(text, CHOICE_LISTS)
    needed = " or ".join(f"`{key}`" for key in group)
    assert problem == f"a question of type {type} needs {needed}. Give exactly one."


def test_a_choice_is_made_from_choices_or_from_a_scale_but_not_from_both() -> None:
    loaded = questionnaire_of(
        question("type: select_one, name: a, scale: points"), CHOICE_LISTS
    ).question("a")
    assert [choice.name for choice in loaded.choices] == ["1", "2"]
    assert loaded.scale == "points"
    refused(question("type: »select_one, name: a, scale: points, choices: few"), CHOICE_LISTS)


def test_a_misspelt_type_is_reported_with_the_type_that_was_meant() -> None:
    assert refused(question("type: »intger, name: a")) == [
        "type cannot be `intger`. Did you mean `integer`."
    ]


@pytest.mark.parametrize("type", ["matrix", "note", "vote", "statements", "allocation"])
@pytest.mark.parametrize("key", TOGETHER)
def test_a_type_without_a_single_value_takes_no_constraint(type: str, key: str) -> None:
    value = {"constraint": '"1 = 1"', "constraint_message": WORDS}[key]
    text = question(f"{minimal(type)}, {key}: »{value}").replace("type: ", "type: »")
    problems = refused(text, CHOICE_LISTS)
    assert f"a question of type {type} has no `{key}`" in problems[1]


@pytest.mark.parametrize("keys", ['constraint: ". > 1"', f"constraint_message: {WORDS}"])
def test_a_constraint_and_its_message_go_together(keys: str) -> None:
    assert refused(question(f"type: »integer, name: a, {keys}")) == [
        "`constraint` and `constraint_message` go together. "
        "Say in `constraint_message` what the participant should do."
    ]


@pytest.mark.parametrize("flag", ["yes", "no", "True", "1", "on"])
def test_a_flag_is_true_or_false_and_nothing_else(flag: str) -> None:
    assert refused(question(f"type: text, name: a, required: »{flag}")) == [
        "required is neither true nor false. Write `true` or `false`."
    ]


def test_blank_ends_of_a_value_are_cut_off() -> None:
    text = (
        """- {type: text, name: " a\\n", required: ' true ', label: {fr: " Mot ", ar: "كلمة\\t"}}"""
    )
    loaded = questionnaire_of(text).question("a")
    assert loaded.required
    assert loaded.label == {"fr": "Mot", "ar": "كلمة"}


@pytest.mark.parametrize("key", ["appearance", "order", "dimension", "role"])
def test_a_key_with_few_values_takes_no_other(key: str) -> None:
    type = "text" if key == "appearance" else "select_one"
    [problem] = refused(question(f"{minimal(type)}, {key}: »sometimes"), CHOICE_LISTS)
    assert problem.startswith(f"{key} cannot be `sometimes`. Write one of: ")


# Bounds


@pytest.mark.parametrize(
    "keys",
    [
        "type: integer, min: »3, max: 2",
        "type: integer, max: »-1",
        "type: decimal, min: »0.2, max: 0.1",
        "type: date, min: »2026-03-22, max: 2026-03-21",
        "type: select_multiple, choices: few, min: »2, max: 1",
    ],
)
def test_the_least_is_not_more_than_the_greatest(keys: str) -> None:
    [problem] = refused(question(f"name: a, {keys}"), CHOICE_LISTS)
    assert "is more than max" in problem


@pytest.mark.parametrize("type", ["select_multiple", "rank"])
@pytest.mark.parametrize("key", ["min", "max"])
def test_no_more_choices_are_asked_for_than_there_are(type: str, key: str) -> None:
    [problem] = refused(question(f"type: {type}, name: a, choices: few, {key}: »3"), CHOICE_LISTS)
    assert problem == f"{key} is 3, but there are 2 choices. Lower it."


def test_other_counts_as_a_choice() -> None:
    keys = "type: select_multiple, name: a, choices: few, max: 3, other: true"
    assert questionnaire_of(question(keys), CHOICE_LISTS).question("a").max == 3


@pytest.mark.parametrize(
    "keys",
    [
        "type: integer, min: »1.5",
        "type: integer, min: »-66",
        "type: integer, max: »1000000000000000",
        "type: integer, max: »٣",
        "type: integer, max: »1e3",
        "type: integer, max: »0x10",
        "type: decimal, min: »-66",
        "type: decimal, min: »-65.01",
        "type: decimal, max: »NaN",
        "type: decimal, max: »Infinity",
        "type: decimal, max: »much",
        "type: decimal, max: »1e999999999999999999",
        "type: date, min: »22/03/2026",
        "type: date, min: »2026-02-30",
        "type: date, min: »today",
        "type: select_multiple, choices: few, max: »0",
        "type: text, max_length: »0",
        "type: text, max_length: »10001",
        "type: statements, max_items: »21",
        "type: allocation, choices: few, total: »0",
    ],
)
def test_a_bound_is_a_value_that_the_type_can_have(keys: str) -> None:
    [problem] = refused(question(f"name: a, {keys}"), CHOICE_LISTS)
    assert re.search(r"cannot be `|is not such a number", problem)


@pytest.mark.parametrize(
    "keys",
    [
        "type: date, min: »20260322",
        "type: date, min: »2026-W12-7",
        "type: decimal, min: »1_000",
        "type: decimal, max: »١٢",
        "type: decimal, max: »1e2",
        "type: decimal, max: »1e-999999",
    ],
)
def test_a_bound_is_written_as_its_remedy_says(keys: str) -> None:
    refused(question(f"name: a, {keys}"))


@pytest.mark.parametrize(
    "top",
    ["min_group_size: »0", "min_group_size: »101", "minutes: {full: »0}", "minutes: {»long: 3}"],
)
def test_numbers_at_the_top_have_bounds_too(top: str) -> None:
    refused(question("type: text, name: a"), top + "\n")


# Lists that questions name


def test_a_list_that_is_not_there_is_reported_with_the_one_that_was_meant() -> None:
    assert refused(question("type: rank, name: a, choices: »fev"), CHOICE_LISTS) == [
        "choices cannot be `fev`. Did you mean `few`."
    ]
    assert refused(question("type: rank, name: a, choices: »few")) == [
        "there is no list `few`. Define it at the top level."
    ]


def test_a_scale_is_looked_for_among_the_scales_and_rows_among_the_choices() -> None:
    refused(question("type: matrix, name: a, rows: »points, scale: »few"), CHOICE_LISTS)


@pytest.mark.parametrize("name", ["a.b", "A", "1", "a_", "x" * 25])
def test_a_row_is_named_like_a_question(name: str) -> None:
    text = question(
        f"type: matrix, name: a, rows: »[{{name: {name}, label: {WORDS}}}], scale: points"
    )
    [problem] = refused(text, CHOICE_LISTS)
    assert problem.startswith(f"a row cannot be called `{name}`")


def test_a_vote_has_a_scale_of_its_own() -> None:
    loaded = questionnaire_of(question("type: vote, name: a, rows: rows"), CHOICE_LISTS)
    assert [choice.name for choice in loaded.question("a").choices] == ["agree", "disagree", "pass"]
    assert refused(question("type: vote, name: a, rows: rows, scale: »points"), CHOICE_LISTS) == [
        "a vote has a scale of its own. Its points are agree, disagree, pass, in this order."
    ]


def test_a_theme_is_one_of_the_themes() -> None:
    assert refused(question("type: text, name: a, theme: »monney"), CHOICE_LISTS) == [
        "there is no theme `monney`. Use one of: money."
    ]


def test_a_code_is_there_once_and_its_keywords_are_in_declared_languages() -> None:
    refused(
        question("type: text, name: a"),
        f"""
codebook:
- {{name: market, label: {WORDS}, keywords: {{»en: [sale]}}}}
- {{name: »market, label: {WORDS}}}
""",
    )


def test_a_question_has_at_most_as_many_columns_as_the_database() -> None:
    rows = "".join(f"  - {{name: r{row}, label: {WORDS}}}\n" for row in range(700))
    top = f"choices:\n  rows:\n{rows}scales: {{points: [{{name: x, label: {WORDS}}}]}}\n"
    matrices = [f"type: matrix, name: m{number}, rows: rows, scale: points" for number in range(3)]
    [problem] = refused_text("»" + questionnaire_text("".join(map(question, matrices)), top))
    assert problem.startswith("its answers need more than 1,900 columns")


# Roles


def test_every_choice_of_the_actor_group_question_has_a_group() -> None:
    choices = f"[{{name: a, group: producers, label: {WORDS}}}, {{name: b, label: {WORDS}}}]"
    text = question(f"type: select_one, name: a, role: »actor_group, choices: {choices}")
    assert refused(text, CHOICE_LISTS) == [
        "the choice `b` belongs to no actor group. Give it a `group` out of: producers."
    ]


@pytest.mark.parametrize("other", ["true", "{group: nobody}"])
def test_other_has_a_group_too_where_actors_are_asked_for(other: str) -> None:
    keys = f"type: select_one, name: a, role: »actor_group, choices: few, other: {other}"
    assert refused(question(keys), CHOICE_LISTS) == [
        "the choice `other` belongs to no actor group. "
        "Write `other: {group: …}` with one of: producers."
    ]
    right = keys.replace("»", "").replace(other, "{group: producers}")
    assert questionnaire_of(question(right), CHOICE_LISTS).with_role("actor_group")


def test_dk_and_na_need_no_actor_group() -> None:
    keys = "type: select_one, name: a, role: actor_group, choices: few, dk: true, na: true"
    assert questionnaire_of(question(keys), CHOICE_LISTS).with_role("actor_group")


def test_a_territory_has_levels() -> None:
    [problem] = refused(
        question("type: select_one, name: a, role: »territory, choices: few"), CHOICE_LISTS
    )
    assert problem.startswith("a territory's choices have levels")


@pytest.mark.parametrize("names", [("no", "yes"), ("yes",), ("yes", "maybe"), ("yes", "no", "b")])
def test_consent_to_be_quoted_is_yes_or_no(names: tuple[str, ...]) -> None:
    choices = ", ".join(f"{{name: {name}, label: {WORDS}}}" for name in names)
    [problem] = refused(
        question(f"type: select_one, name: a, role: »quote_consent, choices: [{choices}]")
    )
    assert problem == (
        "consent is given or not. Give it the choices `yes` and `no`, in this order."
    )


def test_a_text_names_the_question_that_asks_for_consent_before_or_after_it() -> None:
    quoted = question("type: text, name: a, quote_consent: consent")
    assert questionnaire_of(quoted + CONSENT, CHOICE_LISTS).question("a").quote_consent == "consent"
    other = question("type: select_one, name: b, choices: few")
    [problem] = refused(
        CONSENT + other + question("type: text, name: a, quote_consent: »b"), CHOICE_LISTS
    )
    assert problem == (
        "`b` does not ask for consent to quote. Name a question with `role: quote_consent`."
    )


def test_a_role_is_played_once() -> None:
    second = CONSENT.replace("name: consent", "name: again").replace("role: ", "role: »")
    assert refused(CONSENT + second, CHOICE_LISTS) == [
        "a second question has `role: quote_consent`. Keep one of them."
    ]


# From the command line


def test_survey_check_prints_each_problem_with_its_place_and_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        questionnaire_text(
            f"""
- {{type: text, name: a, hnt: {WORDS}, label: {WORDS}}}
- {{type: text, name: b, label: {{fr: Mot}}}}
"""
        ),
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["check", str(broken)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{broken}:9:27: a question has no key `hnt`. Did you mean `hint`.",
        f"{broken}:10:34: label is missing in ar. "
        "Add `ar:`, or declare the language under `partial`.",
    ]


def test_survey_check_goes_on_after_a_broken_file(tmp_path: Path) -> None:
    broken, right = tmp_path / "broken.yaml", tmp_path / "right.yaml"
    broken.write_text("name: [", encoding="utf-8")
    right.write_text(questionnaire_text(question("type: text, name: a")), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(broken), str(tmp_path / "none"), str(right)])
    assert result.exit_code == 1
    assert re.search(
        rf"^{re.escape(str(broken))}:\d+:\d+: this is not YAML", result.output, re.MULTILINE
    )
    assert f"{tmp_path / 'none'}: No such file or directory" in result.output
    assert f"{right}: right; 1 questions in fr, ar" in result.output


def test_survey_check_says_how_much_of_a_partial_language_is_there(tmp_path: Path) -> None:
    path = tmp_path / "partly.yaml"
    labels = "- {type: note, name: a, label: {fr: Mot, ar: كلمة, zgh: ⴰⵡⴰⵍ}}"
    path.write_text(questionnaire_text(labels, "partial: [zgh]\nfallback: fr\n"), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 0
    assert result.output == f"{path}: right; 0 questions in fr, ar, zgh 1 of 4 texts\n"


def test_a_file_that_is_not_there_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.yaml")
