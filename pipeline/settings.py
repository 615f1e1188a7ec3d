"""Settings, read once from the environment: typed, loud on nonsense, with secrets masked.

A secret may also be read from a file named by the variable with `_FILE` behind it.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SHORTEST_SECRET = 8
HIGHEST_PORT = 65_535
MOST_PROCESSES = 100


class WrongSetting(Exception):
    """A variable that cannot be used; the message names it and fits on one line."""


@dataclass(frozen=True)
class Settings:
    """How one process runs. Empty strings mean: not set, use what is built in."""

    instance: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    redis_url: str = field(default="", repr=False)
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Pipeline <pipeline@localhost>"
    stripe_secret_key: str = field(default="", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_api_base: str = ""
    trusted_proxies: int = 0
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read and check every variable; raises `WrongSetting` for the first that makes no sense."""
        said = _Environment(os.environ if environment is None else environment)
        instance = Path(said.text("PIPELINE_INSTANCE", str(ROOT / "instance"))).resolve()
        return cls(
            instance=instance,
            database_url=said.database(f"sqlite:///{instance / 'pipeline.db'}"),
            secret_key=said.secret("SECRET_KEY") or _kept_secret(instance),
            redis_url=said.url("REDIS_URL", ("redis", "rediss", "unix")),
            public_url=said.url("PUBLIC_URL", ("http", "https")).rstrip("/") or said.own_address(),
            smtp_url=said.url("SMTP_URL", ("smtp", "smtps")),
            mail_from=said.sender("MAIL_FROM", "Pipeline <pipeline@localhost>"),
            stripe_secret_key=said.stripe("STRIPE_SECRET_KEY", ("sk_", "rk_")),
            stripe_webhook_secret=said.stripe("STRIPE_WEBHOOK_SECRET", ("whsec_",), along_with="STRIPE_SECRET_KEY"),
            stripe_api_base=said.url("STRIPE_API_BASE", ("http", "https")),
            trusted_proxies=said.number("TRUSTED_PROXIES", most=10),
            log_level=said.one_of("LOG_LEVEL", LEVELS),
        )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class _Environment:
    """The variables, with a complaint for each kind of nonsense."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        file = self.variables.get(f"{name}_FILE")
        if file is None:
            return self.variables.get(name, "").strip() or default
        try:
            return Path(file).read_text().strip() or default
        except OSError as error:
            raise WrongSetting(f"{name}_FILE: cannot read {file} ({error.strerror})") from error

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        try:
            parts = urlsplit(value)
            names_a_place = parts.path if parts.scheme == "unix" else parts.hostname
            is_usable = parts.scheme in schemes and names_a_place and parts.port != 0
        except ValueError:
            is_usable = False
        if value and not is_usable:
            raise WrongSetting(f"{name}: must be like {' or '.join(f'{scheme}://…' for scheme in schemes)}")
        return value

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and len(value) < SHORTEST_SECRET:
            raise WrongSetting(f"{name}: is too short to keep anything secret; use 32 random characters")
        return value

    def stripe(self, name: str, beginnings: tuple[str, ...], *, along_with: str = "") -> str:
        """A secret of Stripe's, known by how it begins. Half of what is needed would let people pay in the sandbox."""
        value = self.text(name)
        if value and not value.startswith(beginnings):
            raise WrongSetting(f"{name}: must begin with {' or '.join(beginnings)}, as Stripe's do")
        if value and along_with and not self.text(along_with):
            raise WrongSetting(f"{along_with}: is missing, although {name} is set")
        return value

    def sender(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if "@" not in parseaddr(value)[1]:
            raise WrongSetting(f"{name}: must be an address, such as Sales <sales@example.com>")
        return value

    def number(self, name: str, *, most: int, least: int = 0, default: str = "0") -> int:
        value = self.text(name, default)
        if not (value.isdecimal() and least <= int(value) <= most):
            raise WrongSetting(f"{name}: must be a whole number from {least} to {most}, not “{value}”")
        return int(value)

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, "INFO").upper()
        if value not in choices:
            raise WrongSetting(f"{name}: must be one of {', '.join(choices)}, not “{value}”")
        return value

    def database(self, default: str) -> str:
        value = self.text("DATABASE_URL", default)
        try:
            url = make_url(value)
        except (ArgumentError, ValueError) as error:
            raise WrongSetting("DATABASE_URL: is not a database URL, such as postgresql://user@host/name") from error
        if url.drivername in {"postgres", "postgresql"}:
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise WrongSetting(f"DATABASE_URL: {url.get_backend_name()} is not supported; use SQLite or PostgreSQL")
        if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
            raise WrongSetting(
                "DATABASE_URL: a database in memory would be lost; name a file: sqlite:////var/pipeline.db"
            )
        return url.render_as_string(hide_password=False)

    def own_address(self) -> str:
        host = self.text("HOST", "127.0.0.1")
        port = self.number("PORT", most=HIGHEST_PORT, default="8000")
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def web_processes(environment: Mapping[str, str] | None = None) -> int:
    """How many processes answer for one `pipeline web`; raises `WrongSetting` for what is no number of them."""
    said = _Environment(os.environ if environment is None else environment)
    return said.number("WEB_CONCURRENCY", least=1, most=MOST_PROCESSES, default="1")


def _kept_secret(instance: Path) -> str:
    """The secret made on first start and kept for this instance, readable by its owner only."""
    file = instance / "secret_key"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        _keep(file, secrets.token_hex(32))
    kept = file.read_text().strip()
    if not kept:
        raise WrongSetting(f"SECRET_KEY: {file} is empty; remove it and a new one is made")
    return kept


def replace_kept_secret(settings: Settings, secret: str) -> bool:
    """Keep another secret from now on, such as a backup's. Says no when the environment names one instead."""
    file = settings.instance / "secret_key"
    if not file.exists() or file.read_text().strip() != settings.secret_key:
        return False
    with _draft(file, secret) as draft:
        os.replace(draft, file)
    return True


def _keep(file: Path, secret: str) -> None:
    """Write it whole or not at all; of several processes that start at once, the first one's is kept."""
    with _draft(file, secret) as draft, contextlib.suppress(FileExistsError):
        os.link(draft, file)


@contextlib.contextmanager
def _draft(file: Path, secret: str) -> Iterator[str]:
    handle, draft = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w") as writer:
            writer.write(secret)
        yield draft
    finally:
        Path(draft).unlink(missing_ok=True)
