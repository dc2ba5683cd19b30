"""ASGI entry point: `uvicorn api.main:app`."""

from api.application import create_app

app = create_app()
