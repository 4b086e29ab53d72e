"""Values of the archive's pages that hold several: arms, interventions, outcomes, references, ids, the design."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ctgov_ingest.sources.content import Bullets, Content, Inset, Text, line, markdown
from ctgov_ingest.sources.design_lines import masking
from ctgov_ingest.sources.record import Raw, RawRecord, RawTree, group
from ctgov_ingest.sources.study_arms import GROUPS, INTERVENTIONS
from ctgov_ingest.sources.study_fields import DESIGN_INFO, IDENTIFICATION, OUTCOMES, REFERENCES, STATUS, Split
from ctgov_ingest.sources.study_header import COLLABORATORS
from ctgov_ingest.sources.study_labels import label_key
from ctgov_ingest.sources.version_rows import Row, qualified
from ctgov_ingest.study import vocabularies as v
from ctgov_ingest.values.labels import spellings

COMPLETION = f"{STATUS}.completionDateStruct"
LINKS = f"{REFERENCES}.seeAlsoLinks"
CITATIONS = f"{REFERENCES}.references"
SECONDARY_IDS = f"{IDENTIFICATION}.secondaryIdInfos"
MASKING = f"{DESIGN_INFO}.maskingInfo"


def _added(path: str, read: Callable[[RawRecord, Content, str], RawTree], *names: str) -> Split:
    """The value is one item of the list at `path`, with these fields."""

    def rule(record: RawRecord, value: Content, place: str) -> None:
        if one := read(record, value, place):
            record.put_all(path, [one])

    return Split(rule, tuple(f"{path}.{name}" for name in names))


def _known(vocabulary: type[v.Vocabulary], text: str) -> bool:
    return text.strip().casefold() in spellings(vocabulary)


# --- arms and interventions -----

_ARM = "Arm Label:"


def _arm(record: RawRecord, value: Content, place: str) -> RawTree:
    """`Arm Label: A`, then its type behind a gap, then its description."""
    texts, rest = _head(value)
    label, kind = texts[0].removeprefix(_ARM).strip(), " ".join(texts[1:])
    return group({"label": label, "type": kind, "description": markdown(rest)}, place)


def _head(value: Content) -> tuple[list[str], Content]:
    """The parts of the first line, which gaps hold apart, and the paragraphs after it."""
    first, *rest = value
    if isinstance(first, Text):
        return first.split("\t"), tuple(rest)
    return [line((first,))], tuple(rest)


def _intervention(record: RawRecord, value: Content, place: str) -> RawTree:
    """`Drug: A`, then `Arm Label: X` behind a gap for each arm that gets it, then its description."""
    texts, rest = _head(value)
    kind, colon, name = texts[0].partition(":")
    if not colon or not _known(v.InterventionType, kind):
        record.issue("unparsed", "expected 'Type: name'", f"{INTERVENTIONS}.type", texts[0], place)
        kind, name = "", texts[0]
    one = group({"type": kind, "name": name.strip(), "description": markdown(rest)}, place)
    labels: list[Raw | RawTree] = [Raw(text.removeprefix(_ARM).strip(), place) for text in texts[1:]]
    return one | {"armGroupLabels": labels} if labels else one


arm = _added(GROUPS, _arm, "label", "type", "description")
intervention = _added(INTERVENTIONS, _intervention, "type", "name", "description", "armGroupLabels")


# --- outcomes -----

_OUTCOME_PART = re.compile(r"(?P<label>Measure:|Time Frame:|Safety Issue\?|Description:)\s*", re.IGNORECASE)
_OUTCOME_NAMES = {"measure:": "measure", "time frame:": "timeFrame", "description:": "description"}
"""Parts of an outcome. Whether it is about safety was asked for until 2017; today's model has no field for it."""


def _outcome(record: RawRecord, value: Content, place: str) -> RawTree:
    """`Measure: …`, `Time Frame: …`, `Safety Issue? No`, `Description: …`, each from its line on."""
    parts: dict[str, list[Text | Bullets | Inset]] = {"measure:": []}
    label = "measure:"
    for block in value:
        text = block if isinstance(block, Text) and label != "description:" else ""
        if found := _OUTCOME_PART.match(text):
            label = found["label"].casefold()
            parts[label] = [rest] if (rest := text[found.end() :]) else []
        else:
            parts[label].append(block)
    values = {
        name: (markdown if name == "description" else line)(tuple(parts.get(label, ())))
        for label, name in _OUTCOME_NAMES.items()
    }
    return group(values, place)


def outcomes(kind: str) -> Split:
    """The value is an outcome of this list."""
    return _added(f"{OUTCOMES}.{kind}", _outcome, "measure", "timeFrame", "description")


# --- references and links -----

_REFERENCE_PART = re.compile(r"(?P<label>Citation|MEDLINE|PMID):\s*(?P<text>.*)", re.DOTALL)


def reference(kind: str | None) -> Split:
    """The value is a publication: `Citation: …`, `MEDLINE: …`."""

    def read(record: RawRecord, value: Content, place: str) -> RawTree:
        values: dict[str, str] = {}
        for block in value:
            text = line((block,))
            found = _REFERENCE_PART.fullmatch(text)
            if found:
                values[found["label"]] = found["text"]
            elif text:
                record.leave(text, place, "Reference")
        return citation(record, kind, values.get("Citation"), values.get("MEDLINE") or values.get("PMID"), place)

    return _added(CITATIONS, read, "type", "citation")


def citation(record: RawRecord, kind: str | None, text: str | None, number: str | None, place: str) -> RawTree:
    """A publication. A number that PubMed had not reached in the year of the page is one of MEDLINE's own.

    Behind a citation that has a number stands the text of a link: `PubMed`.
    """
    if number:
        text = text and text.removesuffix(" PubMed")
    if number and not (_DIGITS.fullmatch(number) and int(number) < _pubmed_by(record.asides["updated"])):
        message = "no number of PubMed: one of MEDLINE's own of before 2004, for which today's model has no field"
        record.issue("no-field", message, f"{CITATIONS}.pmid", number, place)
        number = None
    found = group({"pmid": number, "citation": text}, place)
    return found | {"type": Raw(kind, place)} if found and kind else found


_DIGITS = re.compile(r"[0-9]{1,9}")


def _pubmed_by(updated: Raw) -> int:
    """A number above those that PubMed had given by that year; its numbers grow by a million a year."""
    year = updated.text[:4]
    return (int(year) - 1988) * 1_000_000 if year.isdecimal() else 0


LINK = "link"
"""The label of a row that pairs an address with its words."""


def paired_links(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with each address (`URL`) beside its words (`See also`): all addresses stand before all words."""
    found: dict[str, list[Row]] = {"url": [], "see also": []}
    for row in rows:
        if (key := label_key(row.label)) in found:
            found[key].append(row)
        else:
            yield row
    urls, labels = found.values()
    if len(urls) == len(labels):
        for url, label in zip(urls, labels, strict=True):
            yield Row(LINK, (Inset(url.value), Inset(label.value)), url.place)
    else:
        yield from (Row(LINK, (Inset(url.value), Inset(())), url.place) for url in urls)
        yield from (Row(LINK, (Inset(()), Inset(label.value)), label.place) for label in labels)


def _link(record: RawRecord, value: Content, place: str) -> RawTree:
    url, label = value
    return group({"url": line((url,)), "label": line((label,))}, place)


link = _added(LINKS, _link, "url", "label")


# --- ids, sponsors, dates -----

_WITH_ISSUER = re.compile(r"(?P<id>.*?\S)\s+\((?P<issuer>.*)\)", re.DOTALL)


def _secondary_id(record: RawRecord, value: Content, place: str) -> RawTree:
    """`2013-000373-76 (EudraCT Number)`: an id with its type, or with who gave it."""
    found = _WITH_ISSUER.fullmatch(line(value))
    if not found:
        return group({"id": line(value)}, place)
    name = "type" if _known(v.SecondaryIdType, found["issuer"]) else "domain"
    return group({"id": found["id"], name: found["issuer"].strip()}, place)


secondary_id = _added(SECONDARY_IDS, _secondary_id, "id", "type", "domain")


def _collaborator(record: RawRecord, value: Content, place: str) -> RawTree:
    return group({"name": line(value)}, place)


COLLABORATOR_NAMES = _added(COLLABORATORS, _collaborator, "name")

FOLLOW_UP_DATE = qualified(COMPLETION, "date")
"""The last follow-up is what is called the completion of a study since 2007."""


def _end_date(record: RawRecord, value: Content, place: str) -> None:
    record.asides["end date"] = Raw(line(value), place)


END_DATE = Split(_end_date, ())


def finish(record: RawRecord) -> None:
    """Take the end date, which was asked for until 2007, for the completion where no last follow-up is given."""
    end = record.asides.get("end date")
    if end is None:
        return
    if record.text(f"{COMPLETION}.date") is None:
        record.put(f"{COMPLETION}.date", end.text, end.place)
        message = "the end date, which was asked for until 2007, is taken for the completion"
        record.issue("inferred", message, f"{COMPLETION}.date", end.text, end.place)
    else:
        message = "the end date, which was asked for until 2007: today's model has no field for it"
        record.issue("no-field", message, f"{COMPLETION}.date", end.text, end.place)


# --- design -----

_DESIGN_PARTS: tuple[tuple[type[v.Vocabulary], str], ...] = (
    (v.PrimaryPurpose, f"{DESIGN_INFO}.primaryPurpose"),
    (v.DesignAllocation, f"{DESIGN_INFO}.allocation"),
    (v.InterventionalAssignment, f"{DESIGN_INFO}.interventionModel"),
    (v.ObservationalModel, f"{DESIGN_INFO}.observationalModel"),
    (v.DesignTimePerspective, f"{DESIGN_INFO}.timePerspective"),
)
"""What a part of the design can be, told by its word: no two of these share one, but for `Other`."""

DESIGN_IGNORED: dict[str, str] = dict.fromkeys(
    (
        "safety/efficacy study",
        "efficacy study",
        "safety study",
        "bio-equivalence study",
        "bio-availability study",
        "pharmacokinetics study",
        "pharmacodynamics study",
        "pharmacokinetics/dynamics study",
    ),
    "what was measured, asked for until 2017: today's model has no field for it",
) | dict.fromkeys(
    ("active control", "placebo control", "uncontrolled", "dose comparison", "historical control"),
    "what the control was, asked for until 2008: today's model has no field for it",
)
"""Words of the design that are passed over, and why."""


_DESIGN_WORDS = {word: path for vocabulary, path in _DESIGN_PARTS for word in spellings(vocabulary) if word != "other"}
"""Where each word of a design belongs; `other` may belong anywhere."""


def _design(record: RawRecord, value: Content, place: str) -> None:
    """One part of the design, without a label: its word says which."""
    text = line(value)
    if _known(v.DesignMasking, text.partition("(")[0]):
        for at, word in masking(text):
            if at.endswith("whoMasked"):
                record.put_all(at, [Raw(word, place)])
            else:
                record.put(at, word, place)
        return
    path = _DESIGN_WORDS.get(text.casefold())
    if path and record.text(path) in (None, text):
        record.put(path, text, place)
    elif text.casefold() not in DESIGN_IGNORED:
        record.leave(text, place, "Study design")


design = Split(
    _design,
    (*(path for _vocabulary, path in _DESIGN_PARTS), f"{MASKING}.masking", f"{MASKING}.whoMasked"),
)
