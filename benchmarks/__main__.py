"""Run all measurements and print them."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cases, inputs, loads, processes, report, rounds


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print. No ratio makes it fail: a loaded machine is no error of the program."""
    asked = _parser().parse_args(arguments)
    results = run(None if asked.full else asked.records, asked.rounds, asked.corpus, asked.studies, asked.folder)
    print(json.dumps(report.as_json(results), indent=1) if asked.json else report.as_text(results))
    if asked.write:
        asked.write.write_text(report.as_page(results, datetime.now(UTC).date()), encoding="utf-8")


def run(records: int | None, turns: int, corpus: Path, studies: int, bulk_files: Path | None = None) -> report.Results:
    """Measure everything on so many records (None: all) in so many rounds, and loads of so many studies."""
    taken = inputs.gather(records, corpus=corpus)
    with tempfile.TemporaryDirectory(prefix="ctgov-benchmarks-") as name:
        folder = Path(name)
        rows = [row for group in cases.groups(taken, folder) for row in rounds.measure(group, turns)]
        begun, peaks = processes.start(turns), processes.peaks(taken.records, folder)
        loaded = loads.measure(studies, bulk_files or folder / "bulk", inputs.gather(None, corpus=corpus).records)
        return report.Results(taken.told, turns, rows, begun, peaks, loaded)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--records", type=int, default=400, help="records of API v2 to take (default 400)")
    parser.add_argument("--full", action="store_true", help="take all records")
    parser.add_argument("--rounds", type=int, default=9, help="rounds that count (default 9)")
    parser.add_argument("--corpus", type=Path, default=inputs.CORPUS, help="folder of real records")
    parser.add_argument("--studies", type=int, default=3_000, help="studies of the bulk files (default 3,000)")
    parser.add_argument("--folder", type=Path, help="where bulk files are, or are written and left")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page, too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    main()
