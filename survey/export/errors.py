"""What a format cannot hold."""

from survey.i18n import SentenceError


class ExportError(SentenceError):
    """An export that cannot be made, and which one can instead."""
