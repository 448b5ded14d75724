"""What the desk calls the privacy notice's placeholders."""

from __future__ import annotations

from survey.i18n import N_

PLACEHOLDERS = {
    "controller": N_("Who is responsible for the answers"),
    "contact": N_("Where participants ask to see, correct or object"),
    "retention": N_("How long the answers are kept"),
    "cndp_receipt": N_("The reference of the declaration to the data protection commission"),
}
