"""The table of what may be due: what each kind means, by which rule, and what that cannot know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from ctgov_ingest.due.completion import completion
from ctgov_ingest.due.model import Document, Found
from ctgov_ingest.due.results import results
from ctgov_ingest.due.unknown import unknown


class Rule(NamedTuple):
    """What is due, where that is said, what the rule cannot know, and how it is found in a document."""

    what: str
    source: str
    caveats: tuple[str, ...]
    find: Callable[[Document, date], Found | None]


RULES: Final[dict[str, Rule]] = {
    "unknown": Rule(
        "open studies that the registry is about to turn UNKNOWN",
        "the registry's glossary (Unknown); how it behaves: measured on real records, docs/due.md",
        (
            "the registry says two years and not on which day: it was seen to turn studies in the 24th month after "
            "the one of the verification, and with the first data set of the 25th",
            "whoever verifies the record puts it off",
        ),
        unknown,
    ),
    "results": Rule(
        "results that are due within a year after the primary completion, and not shown",
        "42 CFR 11.44(a), as TrialsTracker computes it (ebmdatalab/clinicaltrials-act-tracker)",
        (
            "that a trial is an applicable one is concluded from what the registry shows, and may be wrong either way",
            "not reporting is not by itself a violation; the FDA's own findings are events called violation_noted",
            "a certificate or a request for more time puts it off; which of both, and if it was granted, is not shown",
        ),
        results,
    ),
    "completion": Rule(
        "studies whose planned (primary) completion has passed, with no update since",
        "42 CFR 11.64(a): a primary completion is to be told within 30 days, other dates once a year",
        (
            "that binds applicable trials; of others it is only a sign that nobody looks after the record",
            "the study may have been completed, or put off, without the record saying so",
        ),
        completion,
    ),
}
