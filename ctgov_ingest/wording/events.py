"""What happened to a record, in sentences: the events of `compare/events_table.py`, each from its data.

    sentence("stopped", {"from": "RECRUITING", "to": "TERMINATED", "why": "slow accrual"})
    'Stopped: Recruiting → Terminated, because of “slow accrual”'

One line each, without a full stop; long texts in it are cut. Dates stay as they are written. Who did it is not said:
an event has its `by`. `SENTENCES` has a row for each event, and a test holds it against the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from ctgov_ingest.study.vocabularies import (
    InterventionType,
    RecruitmentStatus,
    ViolationEventType,
)
from ctgov_ingest.wording.event_parts import (
    Data,
    Words,
    arrow,
    enrollment,
    joined,
    moved,
    other_reason,
    quoted,
    returned,
    status,
    stopped,
    text,
    turn,
    unknown,
    withheld,
)
from ctgov_ingest.wording.labels import label, value_label
from ctgov_ingest.wording.naming import field_name, noun, place_of
from ctgov_ingest.wording.plain import one_line
from ctgov_ingest.wording.values import counted, cut, in_words

By = Literal["sponsor", "registry"]
SHORT: Final = 40
"""Values up to this length are shown, old and new; of longer ones it is said that they changed."""

FEW: Final = 3
"""So many items are named one by one; of more it is said how many there are."""


class Happened(Protocol):
    """What is needed of an event."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def by(self) -> By: ...  # noqa: D102

    @property
    def data(self) -> Data: ...  # noqa: D102


def sentences(events: Iterable[Happened]) -> Iterator[tuple[str, str, By | None]]:
    """The name, the sentence and the author of each event, in their order; of many items alike, one for all.

    The author is None of what the registry only notes: it was not the registry that handed in results.
    """
    told = list(events)
    alike: dict[tuple[str, By], list[Data]] = {}
    for event in told:
        alike.setdefault((event.name, event.by), []).append(event.data)
    for event in told:
        prefix, _, op = event.name.rpartition("_")
        some = alike.get((event.name, event.by), [])
        if prefix not in _ITEMS or 0 < len(some) <= FEW + 1:
            yield event.name, sentence(event.name, event.data), _author(event)
        elif some:
            yield event.name, one_line(_ITEMS[prefix].several(op, some)), _author(event)
            alike[event.name, event.by] = []


def _author(event: Happened) -> By | None:
    return None if event.name in _NOTED else event.by


def sentence(name: str, data: Data) -> str:
    """What happened, on one line; an event that has no row is its name in words."""
    words = SENTENCES.get(name)
    return one_line(words(data) if words else name.replace("_", " ").capitalize())


_NOTED: Final = frozenset({"results_submitted", "results_returned", "results_cancelled", "results_delayed"})

# Items of lists


class _Item(NamedTuple):
    """Items of a list in sentences. `named`: how one is called; `path`: of the list, for labels of its values."""

    noun: str
    named: Words
    path: str = ""
    after: Words = lambda _data: ""

    def words(self) -> tuple[Words, Words, Words]:
        """The sentences of an item that was added, removed, changed."""
        head = self.noun.capitalize()
        return (
            lambda data: f"{head} added: {self.named(data)}{self.after(data)}",
            lambda data: f"{head} removed: {self.named(data)}{self.after(data)}",
            lambda data: f"{head} changed: {self.named(data)}{_edits(data['edits'], self.path)}{self.after(data)}",
        )

    def several(self, op: str, some: Sequence[Data]) -> str:
        """One sentence for many: the first of them by name."""
        names = [self.named(data) for data in some]
        after = {self.after(data) for data in some}
        told = "; ".join([*names[:FEW], f"{len(names) - FEW:,} more"])
        return f"{counted(len(some), self.noun)} {op}: {told}{after.pop() if len(after) == 1 else ''}"


def _edits(edits: Sequence[Data], path: str = "") -> str:
    """What was edited, after a colon: short values as old and new, others by the names of their fields."""
    told = [_edit(edit, path) for edit in edits]
    shown = [one for one in dict.fromkeys(told) if one]
    if len(shown) > FEW + 1:
        shown = [*shown[:FEW], f"{len(shown) - FEW} more edits"]
    return f": {joined(shown)}" if shown else ""


def _edit(edit: Data, path: str) -> str:
    place = place_of(edit["field"])
    field = f"{path}.{edit['field']}".strip(".").partition("[")[0]
    old, new = (None if edit[side] is None else text(value_label(field, edit[side])) for side in ("old", "new"))
    name = field_name(place.field) if place.field else noun(place.list) if place.list else ""
    if old is None or new is None:
        value = old if new is None else new
        what = f" {value}" if place.list and value and len(value) <= SHORT else ""
        return f"{name}{what} {edit['op']}"
    if max(len(old), len(new)) <= SHORT:
        return f"{name} {arrow(old, new)}".strip()
    return f"{name} reworded".strip()


def _outcome(data: Data) -> str:
    """An outcome by its measure and, unless that is what was edited, its time frame."""
    outcome = data.get("outcome") or {}
    if not isinstance(outcome, Mapping):
        return quoted(outcome)
    is_edited = any(edit["field"] == "timeFrame" for edit in data.get("edits", ()))
    frame = None if is_edited else outcome.get("timeFrame")
    return quoted(outcome.get("measure") or "without a title") + (f" [{cut(one_line(frame), SHORT)}]" if frame else "")


def _progress(data: Data) -> str:
    """How far the study was, by the latest of its steps that is certain."""
    if data.get("with_results"):
        return ", with the first posting of results"
    steps = {"after_results": "results were posted", "after_primary_completion": "primary completion"}
    for step, words in {**steps, "after_start": "the start"}.items():
        if data.get(step) == "yes":
            return f", after {words}"
    return ", before the start" if data.get("after_start") == "no" else ""


_RANKS: Final = {"primary": "Primary", "secondary": "Secondary", "other": "Other"}


def _ranked(data: Data) -> str:
    path = "protocolSection.outcomesModule.primaryOutcomes"
    head = f"{_RANKS[data['from']]} outcome made {'an' if data['to'] == 'other' else 'a'} {data['to']} one"
    return f"{head}: {_outcome(data)}{_edits(data['edits'], path)}{_progress(data)}"


def _of(name: str, *fields: str) -> Words:
    """An item of an event's data in quotation marks, by the first of its fields that is filled."""

    def words(data: Data) -> str:
        item = data.get(name)
        if isinstance(item, Mapping):
            item = next((item[field] for field in fields if item.get(field)), None) or in_words(dict(item))
        return quoted(item)

    return words


def _intervention(data: Data) -> str:
    kind, named = data["intervention"].get("type"), _of("intervention", "name")(data)
    return f"{label(InterventionType, kind)} {named}" if kind else named


# Sites


def _sites(what: str) -> Words:
    def words(data: Data) -> str:
        return f"{counted(data['count'], 'site')} {what}{_places(data['sites'])}"

    return words


def _places(sites: Sequence[Data]) -> str:
    if len(sites) <= FEW:
        return f": {'; '.join(map(_site, sites))}"
    countries = Counter(one_line(site.get("country") or "unknown country") for site in sites)
    if len(countries) == 1:
        return f" in {next(iter(countries))}"
    if len(countries) > FEW:
        return f" in {len(countries)} countries"
    return f": {', '.join(f'{number:,} in {country}' for country, number in countries.most_common())}"


def _site(site: Data) -> str:
    place = ", ".join(dict.fromkeys(text(site[name]) for name in ("facility", "city", "country") if site.get(name)))
    is_turn = "from" in site and "to" in site
    turn = arrow(*(status(site[side], RecruitmentStatus) for side in ("from", "to"))) if is_turn else ""
    return f"{place} ({turn})" if turn else place


# What is told of the study


def _edited(what: str, module: str = "") -> Words:
    path = f"protocolSection.{module}" if module else ""
    return lambda data: f"{what} changed{_edits(data['edits'], path)}"


def _eligibility(data: Data) -> str:
    if data.get("layout_only"):
        return "Eligibility criteria: changed in layout alone"
    numbers = Counter(_of_criterion(one) for one in data["criteria"])
    told = [f"{counted(number, 'criterion').replace('criterions', 'criteria')} {op}" for op, number in numbers.items()]
    edits = _edits(data["edits"], "protocolSection.eligibilityModule").removeprefix(": ")
    return f"Eligibility changed: {joined([', '.join(told), edits])}".removesuffix(": ")


def _of_criterion(one: Data) -> str:
    words = {"added": "added", "removed": "dropped", "changed": "reworded", "moved": "put on the other side"}
    return str(words[one["op"]])


def _descriptions(data: Data) -> str:
    fields = [_sentences(name, changes) for name, changes in data["sentences"].items()]
    return f"Description changed: {joined(fields)}".removesuffix(": ")


def _sentences(name: str, changes: Sequence[Data]) -> str:
    words = {"added": "added", "removed": "dropped", "changed": "reworded", "moved": "put elsewhere"}
    numbers = Counter(words[one["op"]] for one in changes)
    told = ", ".join(f"{counted(number, 'sentence')} {op}" for op, number in numbers.items())
    return f"{field_name(name)}: {told or 'layout alone'}"


# Results


def _on(what: str) -> Words:
    return lambda data: f"{what} on {text(data['date'])}" if data.get("date") else f"{what} on an unknown day"


def _delayed(data: Data) -> str:
    day = data.get("submitted")
    return f"Delay of results asked for or certified{f', handed in on {text(day)}' if day else ''}"


def _posted(data: Data) -> str:
    told = [f"Results posted on {text(data['posted'])}" if data.get("posted") else "Results posted"]
    if data.get("submitted"):
        told.append(f"first handed in on {text(data['submitted'])}")
    days = data.get("days_to_submission")
    if days is not None:
        told.append(f"{counted(abs(days), 'day')} {'after' if days >= 0 else 'before'} completion")
    return ", ".join(told)


def _results_updated(data: Data) -> str:
    told = [f"{field_name(name)} ({counted(number, 'change')})" for name, number in data["modules"].items()]
    return f"Results updated: {', '.join(told)}"


def _notice(data: Data) -> str:
    notice = data["notice"]
    return f"The FDA notes: {text(notice.get('description') or label(ViolationEventType, notice.get('type')))}"


_PROTOCOL: Final = "protocolSection"
_OUTCOMES: Final = f"{_PROTOCOL}.outcomesModule.primaryOutcomes"
_ARMS: Final = f"{_PROTOCOL}.armsInterventionsModule"


_ITEMS: Final[dict[str, _Item]] = {
    "primary_outcome": _Item("primary outcome", _outcome, _OUTCOMES, _progress),
    "secondary_outcome": _Item("secondary outcome", _outcome, _OUTCOMES, _progress),
    "other_outcome": _Item("other outcome", _outcome, _OUTCOMES, _progress),
    "arm": _Item("arm", _of("arm", "label"), f"{_ARMS}.armGroups"),
    "intervention": _Item("intervention", _intervention, f"{_ARMS}.interventions"),
    "collaborator": _Item("collaborator", _of("collaborator", "name")),
    "condition": _Item("condition", _of("condition")),
    "document": _Item("document", _of("document", "label", "filename")),
}


def _of_items() -> Iterator[tuple[str, Words]]:
    for prefix, item in _ITEMS.items():
        yield from zip((f"{prefix}_{op}" for op in ("added", "removed", "changed")), item.words(), strict=True)


SENTENCES: Final[dict[str, Words]] = {
    "record_delisted": lambda _data: "The registry shows the record no more",
    "record_returned": returned,
    "record_withheld": withheld,
    "became_unknown": unknown,
    "revived": lambda data: f"Revived: {turn(data)}",
    "stopped": stopped,
    "status_changed": lambda data: f"Status: {turn(data)}",
    "stop_reason_changed": other_reason,
    "start_moved": moved("Start"),
    "primary_completion_moved": moved("Primary completion"),
    "completion_moved": moved("Completion"),
    "enrollment_changed": enrollment,
    **dict(_of_items()),
    "primary_outcome_promoted": _ranked,
    "secondary_outcome_promoted": _ranked,
    "primary_outcome_demoted": _ranked,
    "secondary_outcome_demoted": _ranked,
    "eligibility_changed": _eligibility,
    "site_added": _sites("added"),
    "site_removed": _sites("removed"),
    "site_opened": _sites("opened"),
    "site_closed": _sites("closed"),
    "site_status_changed": _sites("changed their status"),
    "title_changed": _edited("Title", "identificationModule"),
    "sponsor_changed": _edited("Sponsor"),
    "responsible_party_changed": _edited("Responsible party", "sponsorCollaboratorsModule"),
    "design_changed": _edited("Design", "designModule"),
    "data_sharing_changed": _edited("Plan to share data", "ipdSharingStatementModule"),
    "description_changed": _descriptions,
    "results_submitted": _on("Results handed in for review"),
    "results_returned": _on("Results given back by the review"),
    "results_cancelled": _on("Results withdrawn from the review"),
    "results_delayed": _delayed,
    "results_posted": _posted,
    "results_removed": lambda _data: "Results are shown no more",
    "results_updated": _results_updated,
    "violation_noted": _notice,
}
"""The sentence of each event."""
