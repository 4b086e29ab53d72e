"""The command line, as a program: what it prints where, its exit codes, and how it takes being cut short."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from programs import PROGRAM, on_a_terminal, read, run
from stores import FIXTURES, ask, demo, record, tell, write

from ctgov_ingest.cli import COMMANDS

EXPECTED = Path(__file__).parent / "expected"
NCT = "NCT03986528"
HOSTILE = "red [red]alert[/red] \x1b[31mescape\x07 \x9b1mcsi \u202ereversed\u2066 \ud83e end"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's files and a store of them."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "demo").mkdir()
    for path in demo():
        shutil.copy(path, folder / "demo")
    assert run(folder, "ingest", "demo").code == 0
    return folder


# --- what the commands print ------------------------------------------------------------------------------------------

SCREENS = {
    "history": ["history", NCT],
    "timeline": ["timeline", NCT],
    "diff": ["diff", NCT],
    "diff-1-2": ["diff", NCT, "1", "2"],
    "changes": ["changes"],
    "events": ["events"],
    "events-names": ["events", "--names"],
    "history-field": ["history", NCT, "--field", "enrollment"],
    "outcomes": ["outcomes", NCT],
    "changes-status": ["changes", "--kind", "status", "--since", "2023"],
    "show": ["show", NCT],
    "show-as-of": ["show", NCT, "--as-of", "2019"],
    "ingest-again": ["ingest", "demo"],
    "parse": ["parse", "demo"],
    "parse-one": ["parse", "demo/1-2019-07-02-page.html"],
    "help": ["--help"],
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_reads_as_expected(name: str, place: Path, request: pytest.FixtureRequest) -> None:
    told = run(place, *SCREENS[name])
    assert told.code == 0
    path = EXPECTED / f"{name}.txt"
    if request.config.getoption("--write-golden"):
        if not path.exists() or path.read_text(encoding="utf-8") != told.out:
            path.write_text(told.out, encoding="utf-8")
            pytest.fail(f"{path.name}: written, review it")
        return
    assert told.out == path.read_text(encoding="utf-8")


def test_every_expected_screen_is_asked_for() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(SCREENS)


def test_a_terminal_is_as_wide_as_it_is(place: Path) -> None:
    for columns in (60, 80, 160):
        for screen in ("history", "history-field", "timeline", "diff-1-2", "changes", "events", "outcomes", "show"):
            lines = on_a_terminal(place, columns, *SCREENS[screen]).splitlines()
            assert max(map(len, lines)) <= columns, screen
            assert len(lines) < 90, screen


def test_on_a_terminal_words_have_colours_and_in_a_pipe_none(place: Path) -> None:
    assert "\x1b" not in run(place, "timeline", NCT).out
    assert "magenta" not in on_a_terminal(place, 80, "timeline", NCT)


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_history_gives_a_line_a_version(place: Path) -> None:
    rows = run(place, "history", NCT, "--json").rows
    assert [row["version"] for row in rows] == [1, 2, 3, 4]
    assert rows[3] == {
        "version": 4,
        "registry_date": "2021-02-23",
        "first_seen": "2023-03-02",
        "last_seen": "2023-03-03",
        "presentation": "api-v2",
        "overall_status": "UNKNOWN",
        "kinds": ["status"],
        "captures": 2,
        "presentations": ["api-v2"],
    }


def test_diff_gives_a_line_a_change(place: Path) -> None:
    assert run(place, "diff", NCT, "--json").rows[0] == {
        "path": "protocolSection.statusModule.overallStatus",
        "op": "changed",
        "old": "RECRUITING",
        "new": "UNKNOWN",
        "kind": "status",
        "by": "registry",
    }


def test_changes_gives_a_line_a_change_over_all_studies(place: Path) -> None:
    rows = run(place, "changes", "--json").rows
    assert list(rows[0]) == [
        "nct_id",
        "version",
        "registry_date",
        "seen_at",
        "path",
        "op",
        "old",
        "new",
        "kind",
        "by",
    ]
    assert {row["seen_at"] for row in rows} == {"2020-04-20", "2021-02-23", "2023-03-02"}
    assert len(run(place, "changes", "--json", "--since", "2023", "--kind", "status", "--nct", NCT.lower()).rows) == 2


def test_events_gives_a_line_an_event(place: Path) -> None:
    rows = run(place, "events", "--json", "--event", "became_unknown", "--event", "stopped").rows
    assert rows == [
        {
            "nct_id": NCT,
            "version": 4,
            "registry_date": "2021-02-23",
            "seen_at": "2023-03-02",
            "event": "became_unknown",
            "kind": "status",
            "by": "registry",
            "data": {
                "from": "RECRUITING",
                "to": "UNKNOWN",
                "last_known": "RECRUITING",
                "verified": "2021-02",
                "completion": "2022-05-31",
            },
            "paths": ["protocolSection.statusModule.overallStatus", "protocolSection.statusModule.lastKnownStatus"],
        }
    ]
    everything = run(place, "events", "--json").rows
    assert run(place, "events", "--json", "--since", "2023", "--nct", NCT.lower()).rows == everything[-1:]


def test_events_tells_its_names_with_their_rules(place: Path) -> None:
    rows = run(place, "events", "--names", "--json").rows
    assert {row["event"] for row in rows} >= {"became_unknown", "primary_outcome_promoted", "results_cancelled"}
    assert all(list(row) == ["event", "kind", "when", "data", "rule"] for row in rows)


def test_history_gives_a_line_a_value_of_a_field(place: Path) -> None:
    rows = run(place, "history", NCT, "--field", "overallStatus", "--json").rows
    assert rows[1] == {
        "nct_id": NCT,
        "path": "protocolSection.statusModule.overallStatus",
        "value": "RECRUITING",
        "from": "2020-03-26",
        "until": "2023-03-02",
        "version": 2,
        "op": "changed",
        "by": "sponsor",
        "first": "NOT_YET_RECRUITING",
        "days_from_first": None,
        "months_from_first": None,
    }


def test_outcomes_gives_a_row_an_outcome_as_json_or_csv(place: Path) -> None:
    rows = run(place, "outcomes", NCT, "--json").rows
    assert [(row["kind"], row["event"], row["version"]) for row in rows if row["event"] != "kept"] == [
        ("secondary", "added", 2)
    ]
    assert run(place, "outcomes", "--all", "--event", "added", "--json").rows == [
        row for row in rows if row["event"] == "added"
    ]
    run(place, "outcomes", NCT, "--csv", "outcomes.csv")
    text = run(place, "outcomes", NCT, "--csv", "-").out
    assert (place / "outcomes.csv").read_text(encoding="utf-8") == text
    assert text.splitlines()[0] == ",".join(rows[0])
    assert len(list(csv.DictReader(text.splitlines()))) == len(rows)


def test_due_gives_a_line_a_study_and_kind(tmp_path: Path) -> None:
    document = record(status="RECRUITING", title="A study of sleep")
    document["protocolSection"]["statusModule"] |= {"statusVerifiedDate": "2024-02"}
    write(tmp_path, "a.json", document)
    run(tmp_path, "ingest", "a.json")
    told = run(tmp_path, "due", "--on", "2026-02-15", "--json")
    (row,) = told.rows
    assert {name: value for name, value in row.items() if name not in ("rule", "caveats")} == {
        "nct_id": "NCT09900001",
        "kind": "unknown",
        "earliest": "2026-02-01",
        "latest": "2026-03-02",
        "days_left": 15,
        "state": "now",
        "data": {"status": "RECRUITING", "verified": "2024-02", "completion": None},
        "brief_title": "A study of sleep",
        "last_seen": "2026-02-02",
    }
    assert "glossary" in row["rule"]
    assert len(row["caveats"]) == 2
    for columns in (60, 80, 160):
        screen = on_a_terminal(tmp_path, columns, "due", "--on", "2026-02-15")
        assert "2026-02-01 to 2026-03-02" in screen
        assert ("A study of sleep" in screen) == (columns >= 140)
        assert max(map(len, screen.splitlines())) <= columns
    run(tmp_path, "watch", "add", "NCT00000001")
    assert run(tmp_path, "due", "--on", "2026-02-15", "--json", "--watched").rows == []
    run(tmp_path, "watch", "add", "--all")
    assert run(tmp_path, "due", "--on", "2026-02-15", "--json", "--watched").rows == told.rows


def test_timeline_gives_a_line_a_status(place: Path) -> None:
    rows = run(place, "timeline", NCT, "--json").rows
    assert rows[2] == {
        "status": "UNKNOWN",
        "since": "2023-03-02",
        "until": None,
        "days": None,
        "by": "registry",
        "versions": [4],
        "since_precision": "day",
        "since_earliest": "2023-02-01",
        "since_latest": "2023-03-02",
        "days_at_least": 1,
        "days_at_most": None,
        "registry_date": "2021-02-23",
        "first_seen": "2023-03-02",
        "last_seen": "2023-03-03",
        "why": None,
    }
    assert [(row["status"], row["since"], row["days"]) for row in rows] == [
        ("NOT_YET_RECRUITING", "2019-06-14", 286),
        ("RECRUITING", "2020-03-26", 1071),
        ("UNKNOWN", "2023-03-02", None),
    ]


def test_show_gives_the_study_with_the_apis_names(place: Path) -> None:
    (shown,) = run(place, "show", NCT, "--json").rows
    bytes_in = json.loads(demo()[3].read_bytes())
    assert shown["study"] == bytes_in
    assert (shown["nct_id"], shown["version"], shown["source"]) == (NCT, 4, "demo/4-2023-03-02-api-v2.json")
    assert run(place, "show", NCT, "--version", "1", "--json").rows[0]["presentation"] == "study-page"


def test_parse_gives_a_line_a_record_and_a_line_a_failure(place: Path) -> None:
    told = run(place, "parse", "demo", FIXTURES / "refused" / "damaged-member.zip", "--json")
    good = [row for row in told.rows if "error" not in row]
    bad = [row for row in told.rows if "error" in row]
    assert len(good) == 7
    assert all(list(row) == ["source", "presentation", "nct_id", "study", "unread", "issues"] for row in good)
    assert good[0]["study"]["protocolSection"]["identificationModule"]["nctId"] == NCT
    assert [list(row["error"]) for row in bad] == [["code", "message"]]
    assert "::" in bad[0]["source"]
    assert told.code == 1


def test_ingest_and_reparse_give_one_object(tmp_path: Path) -> None:
    write(tmp_path, "a.json", record())
    assert run(tmp_path, "ingest", "a.json", "--json").rows == [
        {"read": 1, "new": 1, "changed": 0, "unchanged": 0, "failed": 0}
    ]
    assert run(tmp_path, "reparse", "--json").rows == [{"read": 1, "changed": 0, "failed": 0}]


# --- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["history", NCT.lower()], 0, ""),
        (["history", "NCT00000000"], 1, "holds no study NCT00000000"),
        (["show", NCT, "--version", "9"], 1, "holds no version 9"),
        (["show", NCT, "--as-of", "2001-01"], 1, "holds no version of 2001-01 or before"),
        (["diff", NCT, "1", "9"], 1, "holds no version 9"),
        (["reparse", "NCT00000000"], 1, "holds no study"),
        (["history", "NCT0398652"], 2, "expected a number such as NCT01364246"),
        (["history"], 2, "Missing argument"),
        (["show", NCT, "--as-of", "2019-02-30"], 2, "expected a date"),
        (["show", NCT, "--as-of", "20190201"], 2, "expected a date"),
        (["show", NCT, "--as-of", "2019", "--version", "1"], 2, "not both"),
        (["diff", NCT, "1"], 2, "give both versions"),
        (["changes", "--kind", "colour"], 2, "colour"),
        (["outcomes"], 2, "say of which studies"),
        (["outcomes", NCT, "--csv", "-", "--json"], 2, "not both"),
        (["outcomes", NCT, "--csv", "none/a.csv"], 1, "none/a.csv"),
        (["outcomes", "NCT00000000"], 1, "holds no study NCT00000000"),
        (["outcomes", "--all", "--event", "not registered"], 0, "no outcomes"),
        (["due", "--on", "2020-01-01"], 0, "nothing is due"),
        (["due", "--on", "2023-02-29"], 2, "2023-02-29"),
        (["due", "--kind", "colour"], 2, "colour"),
        (["due", "--watched"], 2, "nothing is followed"),
        (["events", "--event", "colour"], 2, "colour"),
        (["events", "--event", "stopped"], 0, "no events"),
        (["show", NCT, "--as-of", "2019-07-01", "--axis", "seen"], 1, "no version that had been seen by 2019-07-01"),
        (["show", NCT, "--as-of", "2019-07-01", "--axis", "clock"], 2, "clock"),
        (["history", NCT, "--field", "primaryCompletionDat"], 2, "primaryCompletionDateStruct"),
        (["history", NCT, "--field", "date"], 2, "may be one of several"),
        (["nothing"], 2, "No such command"),
        (["ingest"], 2, "Missing argument"),
        (["ingest", "none.json"], 1, "failed: none.json: cannot be opened"),
        (["parse", "none.json"], 1, "failed: none.json: cannot be opened"),
        (["--db", "none.db", "history", NCT], 3, "no store at none.db"),
        (["reparse", "--db", "none.db"], 3, "no store at none.db"),
        (["changes", "--db", "demo"], 3, "the store demo cannot be used"),
        (["changes", "--db", "demo/3-2021-02-23-api-v2.json"], 3, "it is no SQLite database"),
        (["ingest", "demo", "--db", "none/ctgov.db"], 3, "the store none/ctgov.db cannot be used"),
    ],
)
def test_exit_codes(words: list[str], code: int, error: str, place: Path) -> None:
    told = run(place, *words)
    assert told.code == code
    assert error in told.err
    assert "Traceback" not in told.err
    if code > 1:
        assert told.out == ""
    assert not (place / "none.db").exists()


def test_a_store_of_one_version_tells_so(tmp_path: Path) -> None:
    write(tmp_path, "a.json", record(None, updated=None))
    run(tmp_path, "ingest", "a.json")
    nct_id = "NCT09900001"
    assert run(tmp_path, "diff", nct_id)[1:] == ("there is only one version\n", 0)
    assert run(tmp_path, "diff", nct_id, "--json")[::2] == ("", 0)
    assert run(tmp_path, "changes")[1:] == ("no changes\n", 0)
    (row,) = run(tmp_path, "timeline", nct_id, "--json").rows
    assert (row["since"], row["until"], row["days"]) == (None, None, None)
    for command in ("history", "timeline", "show"):
        told = run(tmp_path, command, nct_id)
        assert told.code == 0
        assert "None" not in told.out


def test_refused_files_are_named_on_standard_error_and_the_exit_code_is_1(tmp_path: Path) -> None:
    files = sorted(path for path in (FIXTURES / "refused").iterdir() if not path.name.endswith(".expected.json"))
    told = run(tmp_path, "ingest", *files, "--json")
    assert told.code == 1
    assert told.rows == [{"read": 2, "new": 2, "changed": 0, "unchanged": 0, "failed": len(files)}]
    for path in files:
        assert f"failed: {path}" in told.err


# --- what terminals and readers of JSON must not be given -------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of records whose every text wants to speak to the terminal, in a file whose name does so too."""
    folder = tmp_path_factory.mktemp("hostile")
    name = HOSTILE.replace("/", "").replace("\ud83e", "\udcff")
    outcomes = {"primaryOutcomes": [{"measure": HOSTILE, "timeFrame": HOSTILE, HOSTILE: HOSTILE}]}
    first = record("2026-02-02", title=HOSTILE, outcomesModule=outcomes)
    second = record("2026-02-03", title=f"{HOSTILE}!", status=HOSTILE, conditionsModule={"conditions": [HOSTILE]})
    paths = [write(folder, f"1 {name}.json", first), write(folder, f"2 {name}.json", second)]
    paths.append(write(folder, f"3 {name}.json", '{"protocolSection": '))
    assert run(folder, "ingest", *paths).code == 1
    return folder


def test_nothing_in_a_record_or_file_name_reaches_the_terminal_as_a_command(hostile: Path) -> None:
    nct_id = "NCT09900001"
    paths = sorted(str(path) for path in hostile.glob("*.json"))
    for words in (
        ["show", nct_id],
        ["show", nct_id, "--version", "1"],
        ["history", nct_id],
        ["timeline", nct_id],
        ["diff", nct_id],
        ["changes"],
        ["events"],
        ["due"],
        ["outcomes", nct_id],
        ["outcomes", nct_id, "--csv", "-"],
        ["history", nct_id, "--field", "briefTitle"],
        ["history", nct_id, "--field", "primaryOutcomes"],
        ["history", nct_id, "--field", HOSTILE.encode("utf-8", "ignore").decode()],
        ["parse", *paths],
        ["parse", paths[0]],
        ["ingest", *paths],
        ["show", HOSTILE.encode("utf-8", "ignore").decode()],
    ):
        for as_json in ([], ["--json"]):
            told = run(hostile, *words, *as_json)
            assert not UNSAFE.search(told.out + told.err), words
            assert "Traceback" not in told.err, words
        seen = on_a_terminal(hostile, 100, *words).replace("\x1b[?25l", "").replace("\x1b[?25h", "")
        assert not UNSAFE.search(re.sub(r"\r|\x1b\[[0-9]*[AK]", "", seen)), words
    assert "[red]alert[/red]" in run(hostile, "show", nct_id).out


def test_json_is_whole_whatever_the_record_holds(hostile: Path) -> None:
    (shown,) = run(hostile, "show", "NCT09900001", "--json").rows
    assert shown["study"]["protocolSection"]["identificationModule"]["briefTitle"] == f"{HOSTILE}!"
    assert any(row["new"] == f"{HOSTILE}!" for row in run(hostile, "changes", "--json").rows)


def test_a_bar_is_shown_on_a_terminal_and_results_still_go_to_standard_output(place: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run([*PROGRAM, "parse", "demo", "--json"], cwd=place, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    bar = read(ours)
    os.close(ours)
    assert b"Reading" in bar
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 5


# --- cut short --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["changes", "--json"], ["changes"], ["parse", "demo", "--json"], ["--help"]])
def test_a_reader_that_has_seen_enough_ends_it_quietly(words: list[str], place: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PROGRAM, *words], cwd=place, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_said(place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, "changes"], cwd=place, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "ctgov-ingest: the output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_cut_short_it_leaves_whole_captures_and_no_traceback(how: int, code: int, jobs: str, tmp_path: Path) -> None:
    records = (record(nct_id=f"NCT{number:08d}", title="x" * 3000) for number in range(20_000))
    write(tmp_path, "many.jsonl", *records)
    command = [*PROGRAM, "--db", "s.db", "ingest", "many.jsonl", "--jobs", jobs]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        until = time.monotonic() + 60
        while captures(tmp_path / "s.db") < 50 and time.monotonic() < until:
            time.sleep(0.02)
        program.send_signal(how)
        out, err = program.communicate(timeout=60)
    assert program.returncode == code
    assert out == ""
    assert "Traceback" not in err
    if how == signal.SIGINT:
        assert err.strip() == "ctgov-ingest: interrupted"
    assert ask(tmp_path / "s.db", "PRAGMA integrity_check") == [("ok",)]
    for table in ("studies", "versions"):
        assert ask(tmp_path / "s.db", f"SELECT count(*) FROM {table}")[0][0] == captures(tmp_path / "s.db")
    assert 50 <= captures(tmp_path / "s.db") < 20_000


def captures(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM captures").fetchone()[0])
    except sqlite3.Error:  # not made yet
        return 0


def test_a_disk_that_is_full_is_said_and_what_was_stored_stays(tmp_path: Path) -> None:
    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000_000, 8_000_000))

    titles = ("".join(chr(33 + at * number * 7919 % 50_000) for at in range(3000)) for number in range(1, 600))
    write(tmp_path, "a.jsonl", *(record(nct_id=f"NCT{n:08d}", title=title) for n, title in enumerate(titles)))
    told = run(tmp_path, "ingest", "a.jsonl", preexec_fn=little)
    assert told.code == 3
    assert "the store ctgov.db cannot be used" in told.err
    assert "Traceback" not in told.err
    assert ask(tmp_path / "ctgov.db", "PRAGMA integrity_check") == [("ok",)]
    assert 0 < captures(tmp_path / "ctgov.db") < 600
    assert run(tmp_path, "ingest", "a.jsonl").code == 0


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_a_store_whose_bytes_are_damaged_is_said(tmp_path: Path) -> None:
    write(tmp_path, "a.json", record())
    run(tmp_path, "ingest", "a.json")
    damaged = "UPDATE captures SET reader = '0', document = raw, raw = x'28b52ffd00'"
    tell(tmp_path / "ctgov.db", damaged)
    told = run(tmp_path, "reparse")
    assert told.code == 3
    assert "capture 1 cannot be unpacked" in told.err


def test_reparse_tells_what_it_did(place: Path) -> None:
    told = run(place, "reparse")
    assert told == ("1 study read again: 0 with another number of versions, 0 captures failed.\n", "", 0)
    assert run(place, "reparse", NCT, NCT.lower(), "--json").rows == [{"read": 1, "changed": 0, "failed": 0}]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(command: str, place: Path) -> None:
    told = run(place, command, "--help")
    assert told.code == 0
    assert f"Example:\n    ctgov-ingest {command} " in told.out or f"Example:\n  ctgov-ingest {command}" in told.out
    assert max(map(len, told.out.splitlines())) <= 80


def test_help_loads_neither_the_model_nor_the_readers_nor_the_store() -> None:
    script = (
        "import sys\n"
        "sys.argv = ['ctgov-ingest', '--help']\n"
        "from ctgov_ingest.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(told.stderr.split())
    assert not loaded & {"pydantic", "lxml", "sqlite_utils", "sqlite3", "rich", "bs4", "zstandard"}
    ours = {name for name in loaded if name.startswith("ctgov_ingest") and ".compare" not in name}
    assert ours <= {
        "ctgov_ingest",
        "ctgov_ingest.jsontext",  # with `compare`, which is loaded at once: it has the name of its package
        "ctgov_ingest.cli",
        "ctgov_ingest.errors",
    }


def test_real_changes_of_status_are_listed_with_who_made_them(corpus: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "ingest", corpus / "api_v2" / "snapshots").code == 0
    rows = run(tmp_path, "changes", "--kind", "status", "--json").rows
    flips = {row["nct_id"]: row for row in rows if row["path"].endswith(".overallStatus")}
    by_sponsor = {
        "NCT05935098",
        "NCT06203210",
        "NCT06754501",
        "NCT06821503",
        "NCT07011550",
        "NCT07227597",
        "NCT07268053",
    }
    assert {name for name, row in flips.items() if row["by"] == "sponsor"} == by_sponsor
    assert flips.keys() == by_sponsor | {"NCT06302556"}
    unknown = flips["NCT06302556"]
    assert [unknown[name] for name in ("old", "new", "kind", "by")] == [
        "NOT_YET_RECRUITING",
        "UNKNOWN",
        "status",
        "registry",
    ]
