"""Numbers in columns."""

from collections.abc import Mapping, Sequence

from bench.asking import Answer

HEAD = f"{'':18}{'median':>9}{'p95':>9}{'8 clients':>12}{'of floor':>10}{'queries':>9}{'bytes':>10}"


def show(title: str, answers: Sequence[Answer]) -> None:
    floor = answers[0].rate
    print(f"\n{title}\n{HEAD}")
    for answer in answers:
        print(
            f"{answer.name:18}{answer.median * 1000:6.1f} ms{answer.p95 * 1000:6.1f} ms{answer.rate:10.0f}/s"
            f"{answer.rate / floor:10.0%}{answer.queries:9}{answer.bytes:10,}",
            flush=True,
        )


def compare(sizes: Mapping[int, Sequence[Answer]]) -> None:
    """How much slower each page is with more in the database: median over median."""
    smallest, *larger = sizes
    print("\nmedian, times that at " + f"{smallest:,}")
    print(f"{'':18}" + "".join(f"{size:>12,}" for size in larger))
    for number, base in enumerate(sizes[smallest]):
        ratios = (sizes[size][number].median / base.median for size in larger)
        print(f"{base.name:18}" + "".join(f"{ratio:11.1f}×" for ratio in ratios), flush=True)
