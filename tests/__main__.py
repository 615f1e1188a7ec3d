"""Every test, on SQLite and then on PostgreSQL: what `make test` runs.

On each: first all but the browser's stories, in parallel; then the stories, one after another, so that product and
browser have the machine to themselves. How pages look does not depend on the database: that every one of them can be
read, in both themes and on the narrowest screen, is looked at on SQLite alone. Arguments go to pytest, which then runs
once on each database.
"""

import os
import subprocess
import sys

from tests.support import postgres

PYTEST = [sys.executable, "-m", "pytest"]
IN_PARALLEL = ["--numprocesses", "auto"]
APART = [*IN_PARALLEL, "--ignore=tests/browser"]
STORIES = ["tests/browser"]
LOOKS = "--ignore=tests/browser/test_every_page.py"


def main(arguments: list[str]) -> int:
    """The worst exit code of all runs; a failure in one does not keep the others from running."""
    asked = [[*IN_PARALLEL, *arguments]] if arguments else []
    codes = [subprocess.call([*PYTEST, "--database=sqlite", *run]) for run in asked or (APART, STORIES)]
    with postgres.server() as server:
        environment = {**os.environ, postgres.GIVEN: server}
        codes += [
            subprocess.call([*PYTEST, "--database=postgresql", *run], env=environment)
            for run in asked or (APART, [*STORIES, LOOKS])
        ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
