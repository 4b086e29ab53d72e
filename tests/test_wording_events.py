"""Events in sentences: one for each event of the table, from the data that it has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.compare.events_table import EVENTS
from ctgov_ingest.wording.events import SENTENCES, sentence

MOVED: dict[str, Any] = {
    "from": "2025-12",
    "to": "2026-07",
    "direction": "later",
    "days": None,
    "months": 7,
    "from_type": "ESTIMATED",
    "to_type": "ESTIMATED",
    "became_actual": False,
    "had_passed": "yes",
}
PROGRESS = {"after_start": "yes", "after_primary_completion": "no", "after_results": "no", "with_results": False}
OUTCOME = {"measure": "Overall survival", "timeFrame": "2 years"}
FRAME = {"field": "timeFrame", "op": "changed", "old": "2 years", "new": "3 years"}
SITE = {"facility": "General Hospital", "city": "Springfield", "country": "France"}


def edit(field: str, old: Any, new: Any) -> dict[str, Any]:
    return {
        "field": field,
        "op": "added" if old is None else "removed" if new is None else "changed",
        "old": old,
        "new": new,
    }


def test_every_event_of_the_table_has_a_sentence() -> None:
    assert set(SENTENCES) == set(EVENTS)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "status_changed",
            {"from": "RECRUITING", "to": "ACTIVE_NOT_RECRUITING"},
            "Status: Recruiting → Active, not recruiting",
        ),
        ("status_changed", {"from": None, "to": "BRAND_NEW"}, "Status: no status → BRAND_NEW"),
        (
            "became_unknown",
            {
                "from": "RECRUITING",
                "to": "UNKNOWN",
                "last_known": "RECRUITING",
                "verified": "2024-02",
                "completion": "2026-02",
            },
            "Turned Unknown: was Recruiting, last verified 2024-02, completion was to be 2026-02",
        ),
        (
            "stopped",
            {"from": "RECRUITING", "to": "TERMINATED", "why": "no\nfunds"},
            "Stopped: Recruiting → Terminated, because of “no funds”",
        ),
        (
            "stopped",
            {"from": "RECRUITING", "to": "WITHDRAWN", "why": None},
            "Stopped: Recruiting → Withdrawn, with no reason given",
        ),
        ("record_delisted", {}, "The registry shows the record no more"),
        (
            "completion_moved",
            MOVED,
            "Completion: 2025-12 → 2026-07, 7 months later, after the old date had passed",
        ),
        (
            "start_moved",
            MOVED | {"to": "2025-12", "to_type": "ACTUAL", "became_actual": True, "months": 0, "direction": "same"},
            "Start 2025-12: estimated → actual",
        ),
        (
            "primary_completion_moved",
            MOVED
            | {"from": "2026-03-31", "to": "2026-01-27", "months": None, "days": -63, "direction": "earlier"}
            | {"to_type": "ACTUAL", "became_actual": True, "had_passed": "no"},
            "Primary completion: 2026-03-31 (estimated) → 2026-01-27 (actual), 63 days earlier",
        ),
        ("start_moved", MOVED | {"from": None, "from_type": None, "months": None}, "Start given: 2026-07 (estimated)"),
        (
            "enrollment_changed",
            {
                "from": 263,
                "to": 1099,
                "difference": 836,
                "from_type": "ESTIMATED",
                "to_type": "ACTUAL",
                "became_actual": True,
            },
            "Enrollment: 263 (estimated) → 1,099 (actual), 836 more",
        ),
        (
            "primary_outcome_changed",
            {"outcome": OUTCOME, "edits": [FRAME], **PROGRESS},
            "Primary outcome changed: “Overall survival”: time frame 2 years → 3 years, after the start",
        ),
        (
            "primary_outcome_removed",
            {"outcome": OUTCOME, **PROGRESS, "after_primary_completion": "yes"},
            "Primary outcome removed: “Overall survival” [2 years], after primary completion",
        ),
        (
            "primary_outcome_promoted",
            {"outcome": OUTCOME, "from": "secondary", "to": "primary", "edits": [], **PROGRESS, "after_results": "yes"},
            "Secondary outcome made a primary one: “Overall survival” [2 years], after results were posted",
        ),
        (
            "arm_changed",
            {
                "arm": {"label": "Placebo"},
                "edits": [
                    edit("type", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"),
                    edit("description", "a " * 40, "b " * 40),
                ],
            },
            "Arm changed: “Placebo”: type Placebo Comparator → Sham Comparator; description reworded",
        ),
        (
            "condition_changed",
            {"condition": "asthma", "edits": [edit("", "asthma", "Asthma")]},
            "Condition changed: “asthma”: asthma → Asthma",
        ),
        ("site_added", {"count": 1, "sites": [SITE]}, "1 site added: General Hospital, Springfield, France"),
        (
            "site_opened",
            {"count": 5, "sites": [SITE] * 4 + [{**SITE, "country": "Spain"}]},
            "5 sites opened: 4 in France, 1 in Spain",
        ),
        ("site_removed", {"count": 5, "sites": [SITE] * 5}, "5 sites removed in France"),
        (
            "eligibility_changed",
            {
                "edits": [edit("minimumAge", "18 Years", "12")],
                "criteria": [{"op": "removed"}, {"op": "removed"}, {"op": "moved"}],
                "layout_only": False,
            },
            "Eligibility changed: 2 criteria dropped, 1 criterion put on the other side; minimum age 18 Years → 12",
        ),
        (
            "eligibility_changed",
            {"edits": [], "criteria": [], "layout_only": True},
            "Eligibility criteria: changed in layout alone",
        ),
        ("design_changed", {"edits": [edit("phases[PHASE3]", None, "PHASE3")]}, "Design changed: phase Phase 3 added"),
        (
            "description_changed",
            {"sentences": {"briefSummary": [{"op": "added"}], "detailedDescription": []}},
            "Description changed: brief summary: 1 sentence added; detailed description: layout alone",
        ),
        ("results_cancelled", {"date": None}, "Results withdrawn from the review on an unknown day"),
        (
            "results_posted",
            {
                "submitted": "2026-01-02",
                "posted": "2026-02-03",
                "primary_completion": "2025-01-01",
                "days_to_submission": 366,
            },
            "Results posted on 2026-02-03, first handed in on 2026-01-02, 366 days after completion",
        ),
        ("results_updated", {"modules": {"outcomeMeasuresModule": 3}}, "Results updated: outcome measures (3 changes)"),
        ("violation_noted", {"notice": {"type": "VIOLATION_IDENTIFIED"}}, "The FDA notes: Violation Identified by FDA"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_what_happened_in_a_sentence(name: str, data: dict[str, Any], words: str) -> None:
    assert sentence(name, data) == words


def test_an_event_that_has_no_row_is_its_name() -> None:
    assert sentence("something_else", {}) == "Something else"


@given(st.text())
def test_a_sentence_is_one_line_that_no_terminal_acts_on(text: str) -> None:
    words = sentence("stopped", {"from": text, "to": "TERMINATED", "why": f"\x1b[31m{text}\n{text}"})
    assert "\n" not in words
    assert "\x1b" not in words
    assert len(words) < 300 or len(text) > 90
