"""What each format and shape is for, in a line, for whoever chooses one or opens the archive."""

from __future__ import annotations

from survey.i18n import N_
from survey.table.shapes import CODEBOOK, FORM, LONG, STATEMENTS, WIDE

FORMAT_PURPOSES = {
    "xlsx": N_("Excel, LibreOffice: a workbook with the answers and what they mean."),
    "csv": N_("A plain table that every program reads."),
    "jsonl": N_("For programmers: one response a line, with the answers as they are stored."),
    "parquet": N_("DuckDB, pandas, R: a typed table for large data."),
    "sav": N_("SPSS, PSPP: with labels and kinds of missing answers."),
    "dta": N_("Stata: with labels and kinds of missing answers."),
    "r": N_("R: a script that reads the CSV file, with labels and factors."),
    "datapackage": N_("Open data: a Data Package, tables with their description."),
    "ddi": N_("Data archives: the description of the data as DDI Codebook."),
    "qdpx": N_("NVivo, ATLAS.ti, MAXQDA, QualCoder: a project with the texts to code."),
    "qdc": N_("The same programs: the themes alone, as a codebook."),
    "html": N_("To print: the codebook, or the questionnaire as a paper form."),
    "zip": N_("Everything: one archive with all formats that are installed, and what each is."),
}
"""By the name of the format."""

SHAPE_PURPOSES = {
    WIDE: N_("A row for each response"),
    LONG: N_("A row for each answer"),
    STATEMENTS: N_("A row for each text that somebody wrote"),
    CODEBOOK: N_("What columns and codes mean"),
    FORM: N_("The questionnaire as a blank form"),
}
"""By the name of the shape."""
