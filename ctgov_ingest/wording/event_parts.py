"""Parts of the sentences about events: texts, and what is told of a status, a date, an enrollment.

Each takes an event's data (`compare/events_table.py`); `events.py` has the table of who says what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ctgov_ingest.study.vocabularies import DateType, Status, Vocabulary
from ctgov_ingest.wording.labels import label
from ctgov_ingest.wording.plain import one_line
from ctgov_ingest.wording.values import apart, cut, in_words

Data = Mapping[str, Any]
Words = Callable[[Data], str]

TEXT: Final = 90
"""So many characters of a text are shown in a sentence."""

# Texts and numbers


def text(value: Any) -> str:
    """A value on one line, cut where it is long."""
    return cut(one_line(in_words(value)).strip(), TEXT)


def quoted(value: Any) -> str:
    """The same in quotation marks."""
    return f"“{text(value)}”"


def joined(parts: Sequence[str]) -> str:
    """Those parts that say something, in a row."""
    return "; ".join(part for part in parts if part)


def arrow(old: str, new: str) -> str:
    """What was there, and what is."""
    return f"{old} → {new}"


# The record and its status


def status(value: Any, vocabulary: type[Vocabulary] = Status) -> str:
    """A status by its label."""
    return text(label(vocabulary, value)) if value is not None else "no status"


def turn(data: Data) -> str:
    """From one status to another."""
    return arrow(status(data.get("from")), status(data.get("to")))


def returned(data: Data) -> str:
    """A record that is shown again."""
    return f"The record is shown again: {status(data.get('to'))}"


def withheld(data: Data) -> str:
    """A record that is no longer shown in full."""
    return f"The record is withheld now; it was {status(data.get('from'))}"


def unknown(data: Data) -> str:
    """A study that the registry turned UNKNOWN, and what made it do so."""
    told = {"last verified {}": data.get("verified"), "completion was to be {}": data.get("completion")}
    rest = [form.format(text(value)) for form, value in told.items() if value]
    return ", ".join([f"Turned Unknown: was {status(data.get('from'))}", *rest])


def stopped(data: Data) -> str:
    """A study that stopped early, and why."""
    why = f"because of {quoted(data['why'])}" if data.get("why") else "with no reason given"
    return f"Stopped: {turn(data)}, {why}"


def other_reason(data: Data) -> str:
    """A study that stopped early, and is said to have done so for another reason."""
    return f"Another reason for being {status(data.get('status'))}: {_both(data.get('from'), data.get('to'))}"


def _both(old: Any, new: Any) -> str:
    """Old and new, each in quotation marks, or which of them there is."""
    if old is None or new is None:
        return f"{quoted(new)} added" if old is None else f"{quoted(old)} removed"
    return arrow(quoted(old), quoted(new))


# Dates and numbers


def moved(what: str) -> Words:
    """The sentence of a date that moved, came, went or turned actual."""

    def words(data: Data) -> str:
        old, new = data.get("from"), data.get("to")
        if old is None or new is None:
            told = (
                f"{what} given: {_typed(data, 'to')}" if old is None else f"{what} removed: was {_typed(data, 'from')}"
            )
        elif old == new:
            told = f"{what} {text(new)}: {_types(data)}"
        else:
            told = f"{what}: {arrow(_typed(data, 'from'), _typed(data, 'to'))}{_how_far(data)}"
        return f"{told}, after the old date had passed" if _is_late(data) else told

    return words


def _is_late(data: Data) -> bool:
    """Whether a planned date was put off only when it had passed."""
    is_planned = data.get("from") is not None and data.get("from_type") != "ACTUAL" and not data.get("became_actual")
    return is_planned and data.get("had_passed") == "yes" and data.get("direction") == "later"


def _typed(data: Data, side: str) -> str:
    """A date with its type, where it has one and that changed; else the date."""
    kind = data.get(f"{side}_type")
    is_told = kind and (data.get("from_type") != data.get("to_type"))
    return f"{text(data.get(side))} ({_type(kind)})" if is_told else text(data.get(side))


def _type(value: Any) -> str:
    return label(DateType, value).lower()


def _types(data: Data) -> str:
    old, new = data.get("from_type"), data.get("to_type")
    return arrow(_type(old), _type(new)) if old and new else f"now {_type(new)}" if new else "now of no type"


def _how_far(data: Data) -> str:
    told = apart(data.get("days"), data.get("months"))
    is_known = told or data.get("direction") in ("later", "earlier")
    return f", {told or data['direction']}" if is_known else ""


def enrollment(data: Data) -> str:
    """How many take part: the number, its type, or both."""
    old, new = data.get("from"), data.get("to")
    if old == new:
        return f"Enrollment {_number(new)}: {_types(data)}"
    sides = [_count(data, side) for side in ("from", "to")]
    difference = data.get("difference")
    more = f", {abs(difference):,} {'more' if difference > 0 else 'fewer'}" if difference else ""
    return f"Enrollment: {arrow(*sides)}{more}"


def _count(data: Data, side: str) -> str:
    kind = data.get(f"{side}_type")
    is_told = kind and data.get("from_type") != data.get("to_type")
    return f"{_number(data.get(side))}{f' ({_type(kind)})' if is_told else ''}"


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "none" if value is None else text(value)
