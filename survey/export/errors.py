"""What a format cannot hold."""


class ExportError(Exception):
    """An export that cannot be made, and which one can instead."""
