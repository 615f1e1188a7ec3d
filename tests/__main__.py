"""Every test, on SQLite and then on PostgreSQL: what `make test` runs. Arguments go to pytest, for both."""

import os
import subprocess
import sys

from tests.support import postgres

COMMAND = [sys.executable, "-m", "pytest", "--numprocesses", "auto", "--dist", "loadgroup"]


def main(arguments: list[str]) -> int:
    """The worst of the two runs' exit codes; the second runs even if the first fails."""
    codes = [subprocess.call([*COMMAND, "--database=sqlite", *arguments])]
    with postgres.server() as server:
        environment = {**os.environ, postgres.GIVEN: server}
        codes.append(subprocess.call([*COMMAND, "--database=postgresql", *arguments], env=environment))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
