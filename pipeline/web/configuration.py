"""What Flask and its extensions are told, made from the settings."""

from datetime import timedelta
from typing import Any

from pipeline.settings import Settings

ABSOLUTE_END = timedelta(days=14)

COMPRESSION: dict[str, Any] = {
    # Measured on a board of 193 KB: zstd 1 takes 0.13 ms to 17 KB, brotli 1 0.19 ms to 20 KB, gzip 1 0.47 ms to 21 KB;
    # gzip 6, the usual, 1.2 ms to 17 KB. A token on a page is signed anew each second, and no other site's page can ask
    # for ours as the visitor, so that there is nothing to learn from a page's length.
    "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    "COMPRESS_ZSTD_LEVEL": 1,
    "COMPRESS_BR_LEVEL": 1,
    "COMPRESS_LEVEL": 1,
    "COMPRESS_MIMETYPES": ["text/html", "text/plain", "text/csv", "application/json"],
    "COMPRESS_STREAMS": False,  # files are sent as they lie there, with validators of their own
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,  # pages have no validators: they are kept nowhere
}


def of(settings: Settings) -> dict[str, Any]:
    secure = settings.public_url.startswith("https://")
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # the connection that was used last has its pages and prepared statements at hand, and the others take no memory
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_use_lifo": True},
        "SESSION_COOKIE_NAME": "pipeline",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": ABSOLUTE_END,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # the token ends with the session, so that a page left open still works
        "WTF_CSRF_SSL_STRICT": False,  # pages answer with no-referrer where they must; the token is what protects
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        **COMPRESSION,
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://") or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
    }
