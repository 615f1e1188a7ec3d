"""The `pipeline` command. A user's mistake gets one clear line and a non-zero exit, never a traceback."""

import sys
from importlib import import_module
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from pipeline.domain.rules import RuleBroken
from pipeline.settings import WrongSetting, web_processes

COMMANDS = {
    "up": "up",
    "web": "processes",
    "worker": "processes",
    "relay": "processes",
    "migrate": "upkeep",
    "reindex": "upkeep",
    "demo": "demo",
    "import": "importing",
    "user": "users",
    "doctor": "doctor",
    "backup": "backups",
    "restore": "backups",
}


class LazyGroup(click.Group):
    """Loads the module of a command when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, f"{name}_command")
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pipeline")
def cli() -> None:
    """Pipeline: a self-hosted sales pipeline."""


def main() -> None:
    try:
        web_processes()  # gunicorn reads the same variable when it is imported, and would answer nonsense with a trace
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        fail(error.format_message() + _advice(error), error.exit_code)
    except (WrongSetting, RuleBroken) as error:
        fail(str(error))
    except OperationalError as error:
        fail(f"The database cannot be used: {str(error.orig).splitlines()[0]}")
    except OSError as error:
        fail(str(error))


def fail(message: str, code: int = 1) -> NoReturn:
    """One line on standard error, and out."""
    click.echo(f"pipeline: {' '.join(message.split())}", err=True)
    sys.exit(code)


def _advice(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f" Try `{context.command_path} --help`." if context else ""
