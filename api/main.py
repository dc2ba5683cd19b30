"""ASGI entry point: `uvicorn api.main:app`."""

from api.application import create_app
from api.logs import configure_logging
from api.settings import Settings

_settings = Settings()

configure_logging(_settings.log_level)
app = create_app(_settings)
