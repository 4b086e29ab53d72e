"""Run all measurements and print them."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cases, inputs, processes, report, rounds


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print. No ratio makes it fail: a loaded machine is no error of the program."""
    asked = _parser().parse_args(arguments)
    results = run(None if asked.full else asked.records, asked.rounds, asked.corpus)
    print(json.dumps(report.as_json(results), indent=1) if asked.json else report.as_text(results))


def run(records: int | None, turns: int, corpus: Path) -> report.Results:
    """Measure everything on so many records (None: all) in so many rounds."""
    taken = inputs.gather(records, corpus=corpus)
    with tempfile.TemporaryDirectory(prefix="ctgov-benchmarks-") as name:
        folder = Path(name)
        rows = [row for group in cases.groups(taken, folder) for row in rounds.measure(group, turns)]
        return report.Results(taken.told, turns, rows, processes.start(turns), processes.peaks(taken.records, folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--records", type=int, default=400, help="records of API v2 to take (default 400)")
    parser.add_argument("--full", action="store_true", help="take all records")
    parser.add_argument("--rounds", type=int, default=9, help="rounds that count (default 9)")
    parser.add_argument("--corpus", type=Path, default=inputs.CORPUS, help="folder of real records")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    main()
