"""What many responses say together: pure functions over answers, with the standard library alone."""
