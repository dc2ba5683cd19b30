"""Settings, from `RIELQUOTE_*` environment variables."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may differ between deployments; every setting has a sane default.

    Attributes:
        database_url: SQLAlchemy URL of the store; by default a SQLite file in the working directory.
        max_body_bytes: the largest request body that is read.
    """

    model_config = SettingsConfigDict(env_prefix="RIELQUOTE_", frozen=True)

    database_url: str = "sqlite:///rielquote.db"
    max_body_bytes: int = Field(default=65_536, ge=1_024)
