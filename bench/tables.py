"""Numbers in columns, and beside each promise whether it is kept. It is all Markdown, to be pasted."""

from collections.abc import Mapping, Sequence

from bench.asking import Answer

Answers = Mapping[str, Answer]
HEAD = ("", "median", "p95", "work", "8 clients", "of floor", "queries", "sent", "unpacked")
MOST_QUERIES = 6
GROWTH = 1.3
OF_FLOOR = 0.5
OF_BOARD = 0.5
SAME_ORDER = 2.0


def show(title: str, answers: Sequence[Answer]) -> None:
    floor = answers[0].rate
    print(f"\n**{title}**\n")
    row(HEAD)
    row(["---", *["---:"] * (len(HEAD) - 1)])
    for each in answers:
        times = [f"{seconds * 1000:.1f} ms" for seconds in (each.median, each.p95, each.work)]
        row(
            [
                each.name,
                *times,
                f"{each.rate:.0f}/s",
                f"{each.rate / floor:.0%}",
                f"{each.queries} + {each.writes} writes" if each.writes else str(each.queries),
                f"{each.sent:,}",
                f"{each.bytes:,}",
            ]
        )


def compare(kind: str, sizes: Mapping[int, Sequence[Answer]]) -> None:
    """How much slower each page is with more in the database: median over median."""
    smallest, *larger = sizes
    if not larger:
        return
    print(f"\n**{kind}, median as times that at {smallest:,}**\n")
    row(["", *(f"{size:,}" for size in larger)])
    row(["---", *["---:"] * len(larger)])
    for number, base in enumerate(sizes[smallest]):
        row([base.name, *(f"{sizes[size][number].median / base.median:.1f} ×" for size in larger)])


def judge(kind: str, sizes: Mapping[int, Sequence[Answer]]) -> None:
    """What was promised, line by line.

    Sizes are measured minutes apart, and the machine is not as fast at all times. The floor asks no database anything,
    so that what it takes longer at one size than at another is the machine's.
    """
    by_name = {size: {each.name: each for each in answers} for size, answers in sizes.items()}
    smallest, *larger = sizes
    print(f"\n**{kind}, what was promised**\n")
    for size in larger:
        clock = by_name[size]["board"].median / by_name[smallest]["board"].median
        growth = clock / (by_name[size]["floor"].median / by_name[smallest]["floor"].median)
        line(
            f"board at {size:,}: {growth:.2f} × that at {smallest:,}, the floor being equal; by the clock"
            f" {clock:.2f} × (at most {GROWTH})",
            growth <= GROWTH,
        )
    for size, answers in by_name.items():
        _judge_one(size, answers)


def _judge_one(size: int, answers: Answers) -> None:
    board = answers["board"]
    share = board.rate / answers["floor"].rate
    line(f"{size:,}: board reaches {share:.0%} of the floor (at least {OF_FLOOR:.0%})", share >= OF_FLOOR)
    move = answers["move"].median / board.median
    line(f"{size:,}: a move takes {move:.2f} of a board (at most {OF_BOARD})", move <= OF_BOARD)
    for name in ("record", "today"):
        times = answers[name].median / board.median
        line(f"{size:,}: {name} takes {times:.2f} of a board (at most {SAME_ORDER:.0f})", times <= SAME_ORDER)
    most = max(answers.values(), key=lambda each: each.queries)
    line(
        f"{size:,}: at most {most.queries} queries each, by {most.name} (at most {MOST_QUERIES}; writes stand beside)",
        most.queries <= MOST_QUERIES,
    )


def line(promise: str, kept: bool) -> None:
    print(f"- {'met' if kept else '**not met**'}: {promise}", flush=True)


def row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)
