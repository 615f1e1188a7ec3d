"""Fill a company, ask for its pages over HTTP, and print how long that took: what `make bench` runs.

BENCH=full goes on to 1,000,000 opportunities; BENCH_DATABASES=sqlite or postgresql asks only one of the two.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import asking, checkout, company, crowd, filling, promises, serving, tables
from bench.reps import Rep
from pipeline import logs, migrations
from pipeline.extensions import db
from pipeline.settings import Settings
from tests.support import postgres

SIZES = (1_000, 100_000)
FULL = (*SIZES, 1_000_000)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and on the way out, all that was started is ended
    logs.configure("ERROR")
    busy = os.getloadavg()[0]
    print(
        f"{os.cpu_count()} processors, busy with {busy:.1f} other things"
        if busy > 1
        else f"{os.cpu_count()} processors"
    )
    sizes = FULL if os.environ.get("BENCH") == "full" else SIZES
    wanted = os.environ.get("BENCH_DATABASES", "both")
    for kind in ("sqlite", "postgresql"):
        if wanted in {"both", kind}:
            with scratch(kind) as settings:
                measure(kind, settings, sizes)
    with scratch("sqlite") as settings:
        crowd.main(settings)
    for kind in ("sqlite", "postgresql"):
        if wanted in {"both", kind}:
            with scratch(kind) as settings:
                promises.main(settings)
            with scratch(kind) as settings:
                checkout.main(settings)


@contextmanager
def scratch(kind: str) -> Iterator[Settings]:
    """An empty database of that kind, gone afterwards with all that was in it."""
    with tempfile.TemporaryDirectory(prefix="pipeline-bench-") as folder:
        if kind == "sqlite":
            yield _settings(Path(folder), f"sqlite:///{folder}/bench.db")
            return
        with postgres.server() as server:
            yield _settings(Path(folder), postgres.fresh_database(server, "pipeline_bench"))


def _settings(instance: Path, url: str) -> Settings:
    return Settings(instance=instance, database_url=url, secret_key="of the bench")  # noqa: S106 — it keeps nothing


def measure(kind: str, settings: Settings, sizes: tuple[int, ...]) -> None:
    app = serving.application(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
        pipeline, people = company.found()
        answers = {}
        for size in sizes:
            began = time.perf_counter()
            filling.grow_to(size, pipeline)
            filled = time.perf_counter() - began
            rep, other = (Rep(app, person, pipeline) for person in people[:2])
            with serving.running(settings) as server:
                questions = [*rep.boards(), *rep.rest(), *other.of_their_own()]
                answers[size] = asking.measure(questions, rep, server)
            tables.show(f"{kind}, {size:,} opportunities (filled in {filled:.0f} s)", answers[size])
        tables.compare(kind, answers)
        tables.judge(kind, answers)
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    main()
