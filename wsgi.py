"""What a WSGI server runs: `gunicorn wsgi:app`."""

from pipeline import create_app

app = create_app()
