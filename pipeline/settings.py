"""What the environment decides, typed."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    database_url: str
    secret_key: str = field(repr=False)
    redis_url: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "pipeline@localhost"
    trusted_proxies: int = 0
    log_level: str = "INFO"
    instance: Path = Path("instance")

    @classmethod
    def from_environment(cls) -> "Settings":
        instance = Path("instance").resolve()
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'pipeline.db'}",
            secret_key=os.environ.get("SECRET_KEY") or secrets.token_hex(32),
            redis_url=os.environ.get("REDIS_URL"),
            instance=instance,
        )
