"""Settings: every wrong value stops the start with one line that names its variable, and no secret is shown."""

from pathlib import Path

import pytest

from pipeline.settings import Settings, WrongSetting

WRONG = [
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "mysql://root@localhost/sales"),
    ("DATABASE_URL", "postgresql://user@host:port/sales"),
    ("REDIS_URL", "http://localhost"),
    ("REDIS_URL", "redis://"),
    ("PUBLIC_URL", "sales.example.com"),
    ("PUBLIC_URL", "https://"),
    ("SMTP_URL", "mail.example.com:587"),
    ("SMTP_URL", "smtp://host:many"),
    ("STRIPE_API_BASE", "ftp://stripe"),
    ("STRIPE_SECRET_KEY", "pk_live_public"),
    ("STRIPE_WEBHOOK_SECRET", "we_1"),
    ("TRUSTED_PROXIES", "all"),
    ("TRUSTED_PROXIES", "11"),
    ("LOG_LEVEL", "loud"),
    ("PORT", "http"),
    ("PORT", "70000"),
    ("MAIL_FROM", "not an address"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY_FILE", "/nowhere/at/all"),
]


def read(folder: Path, **variables: str) -> Settings:
    return Settings.from_environment({"PIPELINE_INSTANCE": str(folder), **variables})


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_in_one_line_that_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refusal:
        read(tmp_path, **{name: value})

    assert str(refusal.value).startswith(f"{name}:")
    assert "\n" not in str(refusal.value)


def test_without_any_variable_everything_stays_on_this_machine(tmp_path: Path) -> None:
    found = read(tmp_path)

    assert found.database_url == f"sqlite:///{tmp_path / 'pipeline.db'}"
    assert found.is_sqlite
    assert (found.redis_url, found.smtp_url, found.stripe_secret_key) == ("", "", "")
    assert found.public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_means_its_one_driver(tmp_path: Path, scheme: str) -> None:
    found = read(tmp_path, DATABASE_URL=f"{scheme}://ann:s%40crow@db/sales?sslmode=require")

    assert found.database_url == "postgresql+psycopg://ann:s%40crow@db/sales?sslmode=require"


def test_a_secret_is_read_from_the_file_its_variable_names(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("redis://:hush@queue:6379/0\n")

    assert read(tmp_path, REDIS_URL_FILE=str(file)).redis_url == "redis://:hush@queue:6379/0"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_since_every_process_would_have_its_own(tmp_path: Path, url: str) -> None:
    with pytest.raises(WrongSetting, match=r"^DATABASE_URL: a database in memory would be lost"):
        read(tmp_path, DATABASE_URL=url)


def test_the_secret_key_is_made_once_kept_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key

    assert len(first) >= 32
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_stripes_second_secret_is_of_no_use_without_the_first(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"^STRIPE_SECRET_KEY: is missing"):
        read(tmp_path, STRIPE_WEBHOOK_SECRET="whsec_hush")


def test_a_secret_file_left_empty_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    with pytest.raises(WrongSetting, match=r"^SECRET_KEY: "):
        read(tmp_path)


def test_settings_shown_anywhere_show_no_secret(tmp_path: Path) -> None:
    shown = repr(
        read(
            tmp_path,
            SECRET_KEY="hush-hush-hush-hush-hush-hush-hush",
            DATABASE_URL="postgresql://ann:hush@db/sales",
            REDIS_URL="redis://:hush@queue",
            SMTP_URL="smtp://ann:hush@mail:587",
            STRIPE_SECRET_KEY="sk_live_hush",
            STRIPE_WEBHOOK_SECRET="whsec_hush",
        )
    )

    assert "hush" not in shown


def test_the_public_address_follows_host_and_port_and_ends_without_a_slash(tmp_path: Path) -> None:
    assert read(tmp_path, HOST="127.0.0.2", PORT="9000").public_url == "http://127.0.0.2:9000"
    assert read(tmp_path, HOST="::1", PORT="9000").public_url == "http://[::1]:9000"
    assert read(tmp_path, PUBLIC_URL="https://sales.example.com/").public_url == "https://sales.example.com"
