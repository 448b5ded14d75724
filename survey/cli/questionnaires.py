"""Commands for authors: check questionnaires, print their schema."""

from __future__ import annotations

from pathlib import Path

import click

from survey.questionnaire.loading import QuestionnaireError, load
from survey.questionnaire.model import Questionnaire


def load_or_fail(path: Path) -> Questionnaire:
    try:
        return load(path)
    except QuestionnaireError as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check questionnaires: every problem with its place and its remedy.

    Prints FILE:LINE:COLUMN: what, remedy. The exit status is 1 if there is any problem.
    """
    problems = False
    for path in files:
        try:
            questionnaire = load(path)
        except QuestionnaireError as error:
            problems = True
            click.echo(str(error))
        except OSError as error:
            problems = True
            click.echo(f"{path}: {error.strerror}", err=True)
        else:
            click.echo(_summary(path, questionnaire))
    if problems:
        raise SystemExit(1)


def _summary(path: Path, questionnaire: Questionnaire) -> str:
    from survey.questionnaire.coverage import share_said

    questions = sum(1 for question in questionnaire.questions() if question.asks)
    languages = ", ".join(questionnaire.languages)
    partial = "".join(
        f", {language} {said} of {total} texts"
        for language in questionnaire.partial
        for said, total in [share_said(questionnaire, language)]
    )
    return f"{path}: right; {questions} questions in {languages}{partial}"


@click.command()
def schema() -> None:
    """Print the JSON Schema with which editors help to write questionnaires."""
    from survey.questionnaire.loading.json_schema import schema_text

    click.echo(schema_text(), nl=False)
