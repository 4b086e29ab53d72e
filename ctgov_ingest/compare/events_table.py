"""The table of events: the name of each, when it fires, what its data are, and the rule that it follows.

This table rules: a test holds it against what `events.events` tells of real records and of made-up ones.

* An **edit** is `field`, `op`, `old`, `new`; the field as in the path of the change (`interventionNames[Drug: X]`).
* An item (`outcome`, `arm`, `document` …) is given as it was before, a new one as it is: by the fields that name it.
* **Progress** is how far the study was on the day of the new version: `after_start` and `after_primary_completion`
  (yes, no, unclear; the dates as the new version has them), `after_results` (results were shown before: yes, no,
  unclear), and `with_results` (they come with this version).
* **unclear** is what dates do not tell: a month against a day within it, a date that is missing; or an old page that
  could not show results.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ctgov_ingest.compare.kinds import Kind


class About(NamedTuple):
    """What is to be known of an event: its kind, when it fires, the names of its data, where its rule comes from."""

    kind: Kind
    when: str
    data: tuple[str, ...] = ()
    rule: str = ""


GLOSSARY: Final = "the registry's glossary"
UPDATES: Final = "to be updated within 30 days, what is not urgent within a year: 42 CFR 11.64(a)"
OUTCOMES: Final = "registered before the first participant, 42 CFR 11.28(a)(2)(i); later edits are outcome switching"

_FROM_TO = ("from", "to")
_TYPES = ("from_type", "to_type", "became_actual")
_MOVED = (*_FROM_TO, "direction", "days", "months", *_TYPES, "had_passed")
_PROGRESS = ("after_start", "after_primary_completion", "after_results", "with_results")
_RANKED = ("outcome", *_FROM_TO, "edits", *_PROGRESS)


def _item(kind: Kind, what: str, prefix: str = "", data: tuple[str, ...] = (), rule: str = "") -> dict[str, About]:
    """The three events of the items of a list."""
    return {
        f"{prefix}{what}_added": About(kind, "one more", (what, *data), rule),
        f"{prefix}{what}_removed": About(kind, "one less", (what, *data), rule),
        f"{prefix}{what}_changed": About(kind, "the same, edited", (what, "edits", *data), rule),
    }


EVENTS: Final[dict[str, About]] = {
    # The record and its status: one event for a change of status, the one that says most
    "record_delisted": About("status", "the registry shows the record no more: there is no new version"),
    "record_returned": About(
        "status", "it shows it again: there was no old version, or its status was WITHHELD", _FROM_TO
    ),
    "record_withheld": About("status", "the status becomes WITHHELD", _FROM_TO),
    "became_unknown": About(
        "status",
        "the status becomes UNKNOWN, which is the registry's doing",
        (*_FROM_TO, "last_known", "verified", "completion"),
        f"{GLOSSARY}, Unknown: open, past its completion, not verified for two years; see changes.py",
    ),
    "revived": About("status", "from UNKNOWN to the status of a study that goes on", _FROM_TO),
    "stopped": About(
        "status",
        "the status becomes SUSPENDED, TERMINATED or WITHDRAWN",
        (*_FROM_TO, "why"),
        f"{GLOSSARY}, Recruitment status: these have stopped early",
    ),
    "status_changed": About("status", "any other change of the status", _FROM_TO, UPDATES),
    "stop_reason_changed": About("status", "the reason alone changes", ("status", *_FROM_TO)),
    # Dates and numbers. `days`: both dates are exact to the day; `months`: one of them only to the month
    "start_moved": About("dates", "the date of the start, its type or both change", _MOVED, UPDATES),
    "primary_completion_moved": About("dates", "the same of the primary completion", _MOVED, UPDATES),
    "completion_moved": About("dates", "the same of the completion", _MOVED, UPDATES),
    "enrollment_changed": About(
        "enrollment", "the number, its type or both change", (*_FROM_TO, "difference", *_TYPES)
    ),
    # Outcomes
    **_item("outcomes", "outcome", "primary_", _PROGRESS, OUTCOMES),
    **_item("outcomes", "outcome", "secondary_", _PROGRESS, OUTCOMES),
    **_item("outcomes", "outcome", "other_", _PROGRESS),
    "primary_outcome_promoted": About(
        "outcomes", "a secondary or other outcome becomes a primary one", _RANKED, OUTCOMES
    ),
    "secondary_outcome_promoted": About("outcomes", "an other outcome becomes a secondary one", _RANKED, OUTCOMES),
    "primary_outcome_demoted": About(
        "outcomes", "a primary outcome becomes a secondary or other one", _RANKED, OUTCOMES
    ),
    "secondary_outcome_demoted": About("outcomes", "a secondary outcome becomes an other one", _RANKED, OUTCOMES),
    # What is done to whom, and where
    **_item("arms", "arm"),
    **_item("arms", "intervention"),
    "eligibility_changed": About(
        "eligibility",
        "who may take part: `criteria` are the changes of eligibility.py, `edits` those of sex, ages and the like",
        ("edits", "criteria", "layout_only"),
    ),
    "site_added": About("sites", "one event for all sites that came with this version", ("count", "sites")),
    "site_removed": About("sites", "one event for all that went", ("count", "sites")),
    "site_opened": About("sites", "their status becomes one in which people are taken in", ("count", "sites"), UPDATES),
    "site_closed": About("sites", "their status ceases to be one of these", ("count", "sites"), UPDATES),
    "site_status_changed": About("sites", "any other change of their status", ("count", "sites")),
    # What is told of the study
    "title_changed": About("other", "the brief title, the official one, the acronym", ("edits",)),
    "sponsor_changed": About("sponsor", "the lead sponsor, or the organization that keeps the record", ("edits",)),
    "responsible_party_changed": About("sponsor", "who answers for the record", ("edits",)),
    "design_changed": About("other", "study type, phases, allocation, masking and the like", ("edits",)),
    "data_sharing_changed": About("other", "the statement on sharing data of participants", ("edits",)),
    **_item("sponsor", "collaborator"),
    **_item("other", "condition"),
    "description_changed": About("other", "summary or description, by field and sentence", ("sentences",)),
    # Results
    "results_submitted": About(
        "results", "results are handed in for review", ("date",), f"{GLOSSARY}, Results submitted"
    ),
    "results_returned": About(
        "results", "the review gives them back", ("date",), f"{GLOSSARY}, Results returned after review"
    ),
    "results_cancelled": About(
        "results", "they are withdrawn before the review ends; the day may be unknown", ("date",)
    ),
    "results_delayed": About(
        "results",
        "a certification or a request for more time, of which the registry does not say which",
        ("submitted",),
        f"{GLOSSARY}, Results delayed",
    ),
    "results_posted": About(
        "results",
        "the record shows results",
        ("submitted", "posted", "primary_completion", "days_to_submission"),
        "due one year after primary completion, 42 CFR 11.44(a)",
    ),
    "results_removed": About("results", "it shows them no more"),
    "results_updated": About("results", "results that were shown before changed: how often, by module", ("modules",)),
    "violation_noted": About("other", "the FDA notes a violation, a correction or a penalty", ("notice",), "FDAAA 801"),
    **_item("other", "document"),
}
