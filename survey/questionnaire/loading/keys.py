"""Every key of the questionnaire's notation, defined once: loading, the JSON Schema and the
documentation are made from these definitions."""

from __future__ import annotations

from dataclasses import dataclass

from survey.questionnaire.model import MIN_GROUP_SIZE


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its kind says how it is read (READERS in questions.py), `values` what an `enum` may be."""

    name: str
    kind: str
    doc: str
    required: bool = False
    values: tuple[str, ...] = ()


DIMENSIONS = ("opportunity", "specificity", "challenge")
ROLES = ("actor_group", "territory", "quote_consent")


DOCUMENT_KEYS = (
    Key("name", "name", "Short name of the questionnaire, used in file names.", required=True),
    Key("title", "words", "What participants see as its title.", required=True),
    Key("languages", "languages", "Languages in which every text is complete.", required=True),
    Key("partial", "languages", "Languages in which some texts are missing; needs `fallback`."),
    Key("fallback", "language", "The language that stands in where a partial one has no text."),
    Key("default_language", "language", "Used when a phone asks for none of the languages."),
    Key("intro", "words", "A few words before the questions."),
    Key("minutes", "minutes", "How long it takes: `{full: 15, short: 6}`."),
    Key(
        "privacy_notice",
        "words",
        "Shown before the first question. May hold {controller}, {contact}, {retention} and "
        "{cndp_receipt}, which each workshop fills in.",
        required=True,
    ),
    Key(
        "min_group_size",
        "whole",
        f"Results of smaller groups are not shown (default {MIN_GROUP_SIZE}).",
    ),
    Key("actor_groups", "choices", "The groups of actors that results are read by."),
    Key("themes", "choices", "The themes that cut across the dimensions."),
    Key("choices", "choice_lists", "Named choice lists, inline or from a CSV file."),
    Key("scales", "scales", "Named ordered scales, from the lowest point to the highest."),
    Key("conditions", "conditions", "Named expressions, used as ${name} like an answer."),
    Key("codebook", "codebook", "Themes for coding open answers, with suggesting keywords."),
    Key("sections", "sections", "The sections, in order.", required=True),
)

SECTION_KEYS = (
    Key("name", "name", "Unique among the sections.", required=True),
    Key("title", "words", "The heading of its screen.", required=True),
    Key("hint", "words", "A few words under the heading."),
    Key("dimension", "enum", "What its questions are about.", values=DIMENSIONS),
    Key("questions", "questions", "The questions, in order.", required=True),
)

CHOICE_KEYS = (
    Key("name", "choice_name", "What is stored; never shown, never translated.", required=True),
    Key("label", "words", "What participants see.", required=True),
    Key("group", "text", "The actor group this choice belongs to."),
    Key("level", "text", "The level of a territory."),
    Key("parent", "text", "The choice of the level above that holds this one."),
    Key("exclusive", "flag", "Chosen alone, like `none of these`."),
)

CODE_KEYS = (
    Key("name", "choice_name", "The code.", required=True),
    Key("label", "words", "What coders see.", required=True),
    Key("keywords", "keywords", "Words per language that suggest the code."),
)

FILE_KEYS = (
    Key("file", "text", "A CSV file beside the questionnaire.", required=True),
    Key("levels", "texts", "Names of the levels, from the widest to the narrowest."),
    Key("credit", "text", "Where the data come from, and their licence."),
)

OFFERED_KEYS = (
    Key("label", "words", "Words of its own instead of the usual ones."),
    Key("group", "text", "The actor group it belongs to (only for `other`)."),
)

QUESTION_KEYS = (
    Key("type", "enum", "What kind of answer is asked for.", required=True),
    Key("name", "question_name", "Unique; the name of its column. Never shown.", required=True),
    Key("label", "words", "The question.", required=True),
    Key("hint", "words", "Help under the question."),
    Key("audio", "audio", "Recordings that read it aloud, in each language that has one."),
    Key("required", "flag", "It must be answered (dk or na count where offered)."),
    Key("core", "flag", "Also asked in the short version."),
    Key("relevant", "expression", "Asked only where this holds."),
    Key("constraint", "expression", "An answer must fulfil this; `.` is the answer."),
    Key("constraint_message", "words", "What to do when the constraint does not hold."),
    Key("personal", "flag", "It tells who somebody is: exports leave it out unless asked for."),
    Key("role", "enum", "What the app uses the answer for.", values=ROLES),
    Key("dimension", "enum", "Instead of its section's.", values=DIMENSIONS),
    Key("theme", "text", "One of the `themes`."),
    Key("choices", "choices", "The name of a choice list, or the choices themselves."),
    Key(
        "choice_filter",
        "expression",
        "Offers a choice only where this holds; `name`, `group`, "
        "`level` and `parent` are the choice's own.",
    ),
    Key("rows", "choices", "What is rated: the name of a choice list, or the rows themselves."),
    Key("scale", "scale", "The name of a scale, or its points."),
    Key("other", "offered", "Offers `other`, with a text of its own."),
    Key("dk", "offered", "Offers `don't know`."),
    Key("na", "offered", "Offers `not concerned`."),
    Key("min", "bound", "The least value or date, or the fewest choices (numbers: default 0)."),
    Key("max", "bound", "The greatest value or date, or the most choices."),
    Key("max_length", "whole", "The most characters."),
    Key("max_items", "whole", "The most statements."),
    Key("total", "whole", "What the parts must add up to (default 100)."),
    Key("unit", "words", "Written after the number."),
    Key("appearance", "enum", "`multiline` for long texts.", values=("multiline",)),
    Key("order", "enum", "`random`: each participant sees another order.", values=("random",)),
    Key("suggestions", "choices", "A choice list that is suggested while typing."),
    Key("quote_consent", "text", "The question that says whether this text may be quoted."),
)

EVERYWHERE = ("type", "name", "label", "hint", "audio", "core", "relevant", "dimension", "theme")
ANSWERED = (*EVERYWHERE, "required", "personal")
CHECKED = ("constraint", "constraint_message", "dk", "na")

TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "note": ("Words without an answer.", EVERYWHERE),
    "text": (
        "Free text.",
        (*ANSWERED, *CHECKED, "max_length", "appearance", "suggestions", "quote_consent"),
    ),
    "integer": ("A whole number.", (*ANSWERED, *CHECKED, "min", "max", "unit")),
    "decimal": ("A number with decimals.", (*ANSWERED, *CHECKED, "min", "max", "unit")),
    "date": ("A day.", (*ANSWERED, *CHECKED, "min", "max")),
    "select_one": (
        "One of several choices.",
        (*ANSWERED, *CHECKED, "choices", "scale", "choice_filter", "other", "order", "role"),
    ),
    "select_multiple": (
        "Any number of choices.",
        (*ANSWERED, *CHECKED, "choices", "choice_filter", "other", "min", "max", "order"),
    ),
    "rank": ("Choices put in order.", (*ANSWERED, *CHECKED, "choices", "min", "max", "order")),
    "matrix": ("Rows rated on one scale.", (*ANSWERED, "rows", "scale", "dk", "na", "order")),
    "allocation": (
        "A total shared among choices.",
        (*ANSWERED, "choices", "total", "dk", "na", "unit"),
    ),
    "statements": (
        "Several short ideas, one a line.",
        (*ANSWERED, "max_items", "max_length", "dk", "na", "quote_consent"),
    ),
    "vote": ("Agree, disagree or pass on each row.", (*ANSWERED, "rows", "scale", "order")),
}
"""Each question type: what it is, and the keys it takes."""

NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "select_one": (("choices", "scale"),),
    "select_multiple": (("choices",),),
    "rank": (("choices",),),
    "matrix": (("rows",), ("scale",)),
    "allocation": (("choices",),),
    "vote": (("rows",),),
}
"""For each type, groups of keys of which exactly one is given."""
