"""The app for any WSGI server: `waitress-serve wsgi:app`, `gunicorn --threads 8 wsgi:app`."""

from survey.app import create_app

app = create_app()
