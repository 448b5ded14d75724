"""Tashkhis: a questionnaire becomes a form, a filled form a response, responses a diagnosis."""
