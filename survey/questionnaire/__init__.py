"""What is asked: the questionnaire's model, its loading from YAML, its expressions, its stored document."""
