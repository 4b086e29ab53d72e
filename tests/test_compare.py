"""What changed between two documents: table tests on small documents, then real pairs."""

from __future__ import annotations

import copy
import csv
import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest

from ctgov_ingest.compare import Carried, Change, Kind, compare, content_hash, kind_of, mask, plain_path, same
from ctgov_ingest.compare.identity import IDENTITY
from ctgov_ingest.compare.kinds import KINDS, ORDER

SHARED = Path(__file__).resolve().parents[2] / "shared"
SNAPSHOTS = SHARED / "corpus" / "api_v2" / "snapshots"
FIELDS = SHARED / "spec" / "v2_fields.tsv"
needs_corpus = pytest.mark.skipif(not SNAPSHOTS.is_dir(), reason="the corpus of real records is not here")

Json = dict[str, Any]
Pair = tuple[str, Json, Json]

STATUS = "protocolSection.statusModule"
SITES = "protocolSection.contactsLocationsModule.locations"


def at(path: str, value: Any) -> Json:
    """A document with one value at a dotted path."""
    for name in reversed(path.split(".")):
        value = {name: value}
    document: Json = value
    return document


def dated(document: Json, day: str) -> Json:
    """The document as of an update on `day`."""
    dates = {"lastUpdateSubmitDate": day, "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"}}
    new = copy.deepcopy(document)
    new.setdefault("protocolSection", {}).setdefault("statusModule", {}).update(dates)
    return new


def told(changes: list[Change]) -> list[tuple[str, str, Any, Any]]:
    return [(change.path, change.op, change.old, change.new) for change in changes]


# One value


@pytest.mark.parametrize(
    ("old", "new", "op"),
    [
        ("a", "b", "changed"),
        (None, "b", "added"),
        ("a", None, "removed"),
        (False, True, "changed"),
        (3, 0, "changed"),
    ],
)
def test_one_value(old: Any, new: Any, op: str) -> None:
    path = "protocolSection.identificationModule.briefTitle"
    assert told(compare(at(path, old), at(path, new))) == [(path, op, old, new)]


@pytest.mark.parametrize("nothing", [None, {}, []])
def test_absent_null_and_empty_are_the_same(nothing: Any) -> None:
    path = "protocolSection.designModule.designInfo"
    assert compare(at(path, nothing), {}) == []
    assert compare({}, at(path, nothing)) == []


def test_a_null_in_a_list_is_nothing() -> None:
    assert compare({"a": [None, "x"]}, {"a": ["x"]}) == []


def test_a_module_on_one_side_is_told_leaf_by_leaf_and_item_by_item() -> None:
    site = {"facility": "F", "city": "C", "country": "X"}
    module = {"locations": [site], "centralContacts": [{"name": "N", "role": "CONTACT"}]}
    changes = compare({}, {"protocolSection": {"contactsLocationsModule": module, "descriptionModule": {"a": "t"}}})
    assert [(change.path.split(".", 1)[1], change.kind) for change in changes] == [
        ("contactsLocationsModule.locations[F | C | X]", "sites"),
        ("contactsLocationsModule.centralContacts[N | CONTACT]", "contacts"),
        ("descriptionModule.a", "other"),
    ]
    assert changes[0].new == site


def test_a_value_that_changes_its_shape_is_one_change() -> None:
    assert told(compare({"a": {"b": 1}}, {"a": "text"})) == [("a", "changed", {"b": 1}, "text")]
    assert told(compare({"a": [1]}, {"a": 1})) == [("a", "changed", [1], 1)]


def test_the_stamp_is_no_change() -> None:
    path = "derivedSection.miscInfoModule.versionHolder"
    assert compare(at(path, "2026-02-04"), at(path, "2026-02-05")) == []
    assert compare({}, at(path, "2026-02-05")) == []


def test_the_status_comes_first_and_the_derived_last() -> None:
    new = {
        "derivedSection": {"x": 1},
        "hasResults": True,
        "protocolSection": {"statusModule": {"overallStatus": "A"}},
    }
    assert [change.kind for change in compare({}, new)] == ["status", "results", "derived"]


def test_what_gives_its_document_can_be_compared() -> None:
    class Study:
        def document(self) -> Json:
            return {"a": 1}

    assert told(compare(Study(), {"a": 2})) == [("a", "changed", 1, 2)]
    assert same(Study(), {"a": 1})


# Lists: (name, old items, new items, changes as label and field)

TABLE = [
    pytest.param(
        "secondaryOutcomes",
        [{"measure": "OS", "timeFrame": "2 y"}, {"measure": "PFS", "timeFrame": "1 y"}],
        [{"measure": "PFS", "timeFrame": "1 y", "description": "d"}, {"measure": "OS", "timeFrame": "2 y"}],
        [("[PFS | 1 y].description", "added")],
        id="field of an outcome, and the list turned",
    ),
    pytest.param(
        "primaryOutcomes",
        [{"measure": "OS", "timeFrame": "1 y"}, {"measure": "OS", "timeFrame": "2 y"}],
        [{"measure": "OS", "timeFrame": "1 y"}, {"measure": "OS", "timeFrame": "3 y"}],
        [("[OS | 2 y].timeFrame", "changed")],
        id="moved time frame: named as the old version has it",
    ),
    pytest.param(
        "primaryOutcomes",
        [{"measure": "OS", "timeFrame": "1 y"}, {"measure": "OS", "timeFrame": "2 y"}],
        [{"measure": "OS", "timeFrame": "3 y"}, {"measure": "OS", "timeFrame": "4 y"}],
        [
            ("[OS | 1 y]", "removed"),
            ("[OS | 2 y]", "removed"),
            ("[OS | 3 y]", "added"),
            ("[OS | 4 y]", "added"),
        ],
        id="a loose match that is ambiguous says nothing",
    ),
    pytest.param(
        "primaryOutcomes",
        [{"measure": "Air leaks", "timeFrame": "1 y"}, {"measure": "Safety", "timeFrame": "1 y"}],
        [
            {"measure": "safety.", "timeFrame": "1 y"},
            {"measure": "Number of patients with air leaks", "timeFrame": "2 y"},
        ],
        [
            ("[Air leaks | 1 y].measure", "changed"),
            ("[Air leaks | 1 y].timeFrame", "changed"),
            ("[Safety | 1 y].measure", "changed"),
        ],
        id="reworded outcomes, field by field",
    ),
    pytest.param(
        "primaryOutcomes",
        [{"measure": "Level of TIM-3", "timeFrame": "1 y", "description": "in blood, by flow cytometry"}],
        [{"measure": "Level of PD-1", "timeFrame": "1 y", "description": "in blood, by flow cytometry"}],
        [("[Level of PD-1 | 1 y]", "added"), ("[Level of TIM-3 | 1 y]", "removed")],
        id="another outcome, though it is described alike",
    ),
    pytest.param(
        "armGroups",
        [{"label": "A", "type": "OTHER"}, {"label": "B", "type": "OTHER"}],
        [{"label": "B", "type": "EXPERIMENTAL"}, {"label": "C", "type": "OTHER"}],
        [("[A]", "removed"), ("[B].type", "changed"), ("[C]", "added")],
        id="arms by label",
    ),
    pytest.param(
        "interventions",
        [{"type": "DRUG", "name": "X", "otherNames": ["x", "y"]}, {"type": "DEVICE", "name": "X"}],
        [{"type": "BIOLOGICAL", "name": "X"}, {"type": "DRUG", "name": "X", "otherNames": ["y", "x"]}],
        [("[DEVICE | X].type", "changed")],
        id="interventions by type and name",
    ),
    pytest.param(
        "locations",
        [{"facility": "F", "city": "C", "zip": "1", "country": "X"}],
        [{"facility": "F", "city": "C", "zip": "2", "country": "X"}],
        [("[F | C | X | 1].zip", "changed")],
        id="corrected zip",
    ),
    pytest.param(
        "locations",
        [{"facility": "Local Institution", "city": "C", "zip": "1", "country": "X"}],
        [{"facility": "Clinic", "city": "C", "zip": "1", "country": "X", "status": "RECRUITING"}],
        [
            ("[Local Institution | C | X | 1].facility", "changed"),
            ("[Local Institution | C | X | 1].status", "added"),
        ],
        id="site that got its name",
    ),
    pytest.param(
        "locations",
        [{"facility": "F", "city": "C", "country": "X"}],
        [{"facility": "G", "city": "C", "country": "X"}],
        [("[F | C | X]", "removed"), ("[G | C | X]", "added")],
        id="another site of the same town is another site",
    ),
    pytest.param(
        "locations",
        [{"city": "C", "country": "X", "status": "RECRUITING"}],
        [{"city": "C", "country": "X", "status": "COMPLETED"}],
        [("[C | X].status", "changed")],
        id="site without a name",
    ),
    pytest.param(
        "centralContacts",
        [{"name": "N", "role": "CONTACT", "email": "e@x"}],
        [{"name": "M", "role": "CONTACT", "email": "e@x"}],
        [("[N | CONTACT].name", "changed")],
        id="contact known by the mail",
    ),
    pytest.param(
        "overallOfficials",
        [{"name": "N", "role": "STUDY_CHAIR"}],
        [{"name": "N", "role": "STUDY_DIRECTOR"}],
        [("[N].role", "changed")],
        id="official by name",
    ),
    pytest.param(
        "references",
        [{"citation": "Doe J. T. 2001", "type": "RESULT"}, {"citation": "Roe", "type": "RESULT"}],
        [
            {"citation": "Roe", "type": "RESULT"},
            {"pmid": "1", "citation": "Doe J. T. 2001", "type": "RESULT"},
        ],
        [("[Doe J. T. 2001].pmid", "added")],
        id="reference that got its number",
    ),
    pytest.param(
        "availIpds",
        [{"id": "I", "type": "T", "url": "u"}, {"id": "I", "type": "S", "url": "u"}],
        [{"id": "I", "type": "T", "url": "u", "comment": "c"}, {"id": "I", "type": "S", "url": "u"}],
        [("[I | T | u].comment", "added")],
        id="ids that several items share",
    ),
    pytest.param(
        "submissionInfos",
        [{"releaseDate": "2026-01-23"}],
        [{"releaseDate": "2026-01-23", "resetDate": "2026-02-09"}, {"releaseDate": "2026-03-02"}],
        [("[2026-01-23].resetDate", "added"), ("[2026-03-02]", "added")],
        id="a round of quality control",
    ),
    pytest.param(
        "seriousEvents",
        [{"term": "t", "organSystem": "s", "stats": [{"groupId": "EG000", "numAffected": 1}]}],
        [{"term": "t", "organSystem": "s", "stats": [{"groupId": "EG000", "numAffected": 2}]}],
        [("[t | s].stats[EG000].numAffected", "changed")],
        id="one count of one event",
    ),
    pytest.param(
        "classes",
        [{"categories": [{"measurements": [{"groupId": "OG000", "value": "1"}, {"groupId": "OG001", "value": "2"}]}]}],
        [{"categories": [{"measurements": [{"groupId": "OG001", "value": "3"}, {"groupId": "OG000", "value": "1"}]}]}],
        [("[-].categories[-].measurements[OG001].value", "changed")],
        id="rows without a title are still the same row",
    ),
    pytest.param(
        "analyses",
        [{"groupIds": ["OG000", "OG001"], "statisticalMethod": "m", "pValue": "0.1"}],
        [{"groupIds": ["OG001", "OG000"], "statisticalMethod": "m", "pValue": "0.2"}],
        [("[OG000, OG001 | m].pValue", "changed")],
        id="an analysis by its groups, in any order",
    ),
    pytest.param(
        "analyses",
        [{"groupIds": ["OG000", "OG001"], "statisticalMethod": "m", "paramType": "p"}],
        [{"groupIds": ["OG001", "OG000"], "statisticalMethod": "n", "paramType": "p"}],
        [("[OG000, OG001 | p | m].statisticalMethod", "changed")],
        id="an analysis by another method",
    ),
    pytest.param(
        "keywords",
        ["a", "b", "b", "c"],
        ["c", "b", "d"],
        [("[a]", "removed"), ("[b #2]", "removed"), ("[d]", "added")],
        id="plain values are a bag",
    ),
    pytest.param(
        "conditions",
        ["late-onset pompe disease", "Asthma"],
        ["Asthma", "Late-onset Pompe Disease"],
        [("[late-onset pompe disease]", "changed")],
        id="plain values that differ in case alone",
    ),
    pytest.param(
        "newInTheModel",
        [{"p": 1, "q": [1, 2]}, {"p": 2}],
        [{"p": 2}, {"q": [2, 1], "p": 1}, {"p": 3}],
        [("[3]", "added")],
        id="a list that we do not know goes by content",
    ),
    pytest.param(
        "interventions",
        [{"type": "DRUG", "name": "X", "description": d} for d in "aabc"],
        [{"type": "DRUG", "name": "X", "description": d} for d in "cdab"],
        [("[DRUG | X #2].description", "changed")],
        id="duplicates: equal ones meet first, none is merged",
    ),
    pytest.param(
        "interventions",
        [{"type": "DRUG", "name": "X", "description": d} for d in "ab"],
        [{"type": "DRUG", "name": "X", "description": d} for d in "cd"],
        [("[DRUG | X].description", "changed"), ("[DRUG | X #2].description", "changed")],
        id="duplicates are numbered",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), TABLE)
def test_items_are_matched_by_identity(name: str, old: list[Any], new: list[Any], expected: list[Any]) -> None:
    changes = compare({name: old}, {name: new})
    assert sorted((change.path.removeprefix(name), change.op) for change in changes) == sorted(expected)
    again = compare({name: old[::-1]}, {name: new[::-1]})
    assert sorted(map(repr, again)) == sorted(map(repr, changes))


def test_every_list_of_the_model_is_in_the_table() -> None:
    if not FIELDS.is_file():
        pytest.skip("the registry's list of fields is not here")
    with FIELDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    lists = {
        row["path"].rpartition(".")[2]
        for row in rows
        if row["dataType(metadata type)"].endswith("[]") and row["sourceType"] == "STRUCT"
    }
    assert lists == set(IDENTITY)


# Paths


def test_labels_hold_one_line_without_brackets_and_not_too_long() -> None:
    long = "Change in [a]\n  very " + "long " * 20 + "name"
    (change,) = compare({"keywords": []}, {"keywords": [long]})
    assert change.path == "keywords[Change in (a) very long long long long…long long long name]"
    assert plain_path(change.path) == "keywords"


def test_shortened_labels_stay_apart() -> None:
    new = [{"label": "x" * 50 + middle + "y" * 50} for middle in "abc"]
    paths = [change.path for change in compare({}, {"armGroups": new})]
    assert len(set(paths)) == 3
    assert {plain_path(path) for path in paths} == {"armGroups"}


def test_plain_path_strips_every_name() -> None:
    assert plain_path("a.b[x | y. z].c[p #2].d") == "a.b.c.d"


# Kinds and authors


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"{STATUS}.overallStatus", "status"),
        (f"{STATUS}.expandedAccessInfo.nctId", "other"),
        (f"{STATUS}.startDateStruct.type", "dates"),
        (f"{STATUS}.statusVerifiedDate", "dates"),
        (f"{STATUS}.resultsFirstPostDateStruct.date", "results"),
        (f"{SITES}.status", "sites"),
        (f"{SITES}.contacts.phone", "contacts"),
        (f"{SITES}.geoPoint.lat", "derived"),
        ("protocolSection.designModule.enrollmentInfo.count", "enrollment"),
        ("protocolSection.designModule.phases", "other"),
        ("protocolSection.identificationModule.organization.fullName", "sponsor"),
        ("hasResults", "results"),
        ("annotationSection.annotationModule.violationAnnotation.violationEvents", "other"),
        ("what.nobody.knows", "other"),
    ],
)
def test_the_longest_prefix_tells_the_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_every_kind_is_used_and_ordered() -> None:
    assert set(KINDS.values()) | {"other"} == set(get_args(Kind)) == set(ORDER)


def author(old: Json, new: Json, path: str) -> str:
    (change,) = [change for change in compare(old, new) if plain_path(change.path) == path]
    return change.by


def test_what_changes_while_no_update_date_moves_is_the_registrys() -> None:
    path = "protocolSection.identificationModule.briefTitle"
    old, new = dated(at(path, "a"), "2026-01-01"), dated(at(path, "b"), "2026-01-01")
    assert author(old, new, path) == "registry"
    assert author(old, dated(at(path, "b"), "2026-02-02"), path) == "sponsor"
    assert author(at(path, "a"), at(path, "b"), path) == "sponsor"


def test_one_of_both_update_dates_is_enough_to_tell() -> None:
    path = f"{STATUS}.whyStopped"
    old, new = dated(at(path, "a"), "2026-01-01"), dated(at(path, "b"), "2026-01-01")
    del new["protocolSection"]["statusModule"]["lastUpdateSubmitDate"]
    assert author(old, new, path) == "registry"
    new["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-01-02"
    assert author(old, new, path) == "sponsor"


@pytest.mark.parametrize(
    ("path", "old", "new", "by"),
    [
        (f"{STATUS}.overallStatus", "RECRUITING", "UNKNOWN", "registry"),
        (f"{STATUS}.lastKnownStatus", None, "RECRUITING", "registry"),
        (f"{STATUS}.overallStatus", "UNKNOWN", "COMPLETED", "sponsor"),
        (f"{STATUS}.lastKnownStatus", "RECRUITING", None, "sponsor"),
        (f"{STATUS}.overallStatus", "RECRUITING", "COMPLETED", "sponsor"),
        ("derivedSection.conditionBrowseModule.meshes", [], [{"id": "D1"}], "registry"),
        ("protocolSection.oversightModule.fdaaa801Violation", None, True, "registry"),
        (
            "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents",
            [],
            [{"type": "RESET"}],
            "registry",
        ),
        ("protocolSection.referencesModule.references", [], [{"pmid": "1", "type": "DERIVED"}], "registry"),
        ("protocolSection.referencesModule.references", [], [{"pmid": "1", "type": "RESULT"}], "sponsor"),
    ],
)
def test_some_changes_are_the_registrys_whatever_the_dates(path: str, old: Any, new: Any, by: str) -> None:
    assert author(dated(at(path, old), "2026-01-01"), dated(at(path, new), "2026-02-02"), path) == by


def test_a_linked_reference_that_the_sponsor_takes_up_is_the_sponsors() -> None:
    path = "protocolSection.referencesModule.references"
    old = dated(at(path, [{"pmid": "1", "type": "DERIVED", "citation": "a"}]), "2026-01-01")
    new = dated(at(path, [{"pmid": "1", "type": "RESULT", "citation": "a"}]), "2026-02-02")
    assert author(old, new, f"{path}.type") == "sponsor"
    tidied = dated(at(path, [{"pmid": "1", "type": "DERIVED", "citation": "b"}]), "2026-02-02")
    assert author(old, tidied, f"{path}.citation") == "registry"


def test_a_place_is_looked_up_by_the_registry() -> None:
    site = {"facility": "F", "city": "C", "country": "X"}
    old = dated(at(SITES, [{**site, "geoPoint": {"lat": 1.0, "lon": 2.0}}]), "2026-01-01")
    new = dated(at(SITES, [{**site, "geoPoint": {"lat": 1.5, "lon": 2.0}}]), "2026-02-02")
    assert author(old, new, f"{SITES}.geoPoint.lat") == "registry"


# What a presentation can carry


def test_carried_covers_what_lies_below() -> None:
    some = Carried.of(["a.b", "c"])
    assert [some.covers(path) for path in ("a", "a.b", "a.b.x", "a.c", "c", "d")] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert Carried.ALL.covers("anything")


def test_carried_by_both() -> None:
    one, other = Carried.of(["a.b", "c", "d"]), Carried.of(["a", "c.x", "e"])
    assert one & other == other & one == Carried.of(["a.b", "c.x"])
    assert one & Carried.ALL == Carried.ALL & one == one
    assert (Carried.ALL & Carried.ALL) == Carried.ALL != Carried.of([])


def test_mask_keeps_the_carried_and_prunes_the_empty() -> None:
    document = {
        "a": {"b": 1, "x": 2},
        "l": [{"k": 0, "y": 1}, {"y": 2}],
        "m": [{"y": 1}],
        "n": {"o": {"p": 1}},
    }
    assert mask(document, Carried.of(["a.b", "l.k", "m.k", "n.o.q", "z"])) == {"a": {"b": 1}, "l": [{"k": 0}]}
    assert mask(document, Carried.of(["n", "n.o.q"])) == {"n": {"o": {"p": 1}}}
    assert mask(document, Carried.of([])) == {}
    assert mask(document, Carried.ALL) is document


def test_only_the_carried_is_compared_but_the_dates_still_tell_the_author() -> None:
    path = "protocolSection.identificationModule.briefTitle"
    old, new = dated(at(path, "a"), "2026-01-01"), dated(at(path, "b"), "2026-01-01")
    new["hasResults"] = True
    assert [(c.path, c.by) for c in compare(old, new, carried=Carried.of([path]))] == [(path, "registry")]


# Real records


@cache
def snapshots() -> dict[str, list[tuple[str, Json]]]:
    return {
        folder.name: [(file.stem, orjson.loads(file.read_bytes())) for file in sorted(folder.glob("*.json"))]
        for folder in sorted(SNAPSHOTS.iterdir())
    }


def neighbours() -> Iterator[Pair]:
    for number, days in snapshots().items():
        for (_, old), (day, new) in pairwise(days):
            yield f"{number} {day}", old, new


def normal(value: Any) -> Any:
    """The value with its lists sorted: a second opinion that shares nothing with the code under test."""
    if isinstance(value, dict):
        return {key: normal(item) for key, item in sorted(value.items()) if key != "versionHolder"}
    if isinstance(value, list):
        return sorted((normal(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(item, chance) for key, item in value.items()}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        chance.shuffle(items)
        return items
    return value


def told_plainly(changes: list[Change], turned: bool = False) -> Counter[str]:
    ops = {"added": "removed", "removed": "added", "changed": "changed"} if turned else {}
    return Counter(
        repr((plain_path(c.path), ops.get(c.op, c.op), *((c.new, c.old) if turned else (c.old, c.new)), c.kind))
        for c in changes
    )


@needs_corpus
def test_real_pairs_say_nothing_exactly_when_they_are_equal() -> None:
    for name, days in snapshots().items():
        forms = [(document, normal(document)) for _, document in days]
        for (old, old_form), (new, new_form) in pairwise(forms):
            assert (compare(old, new) == []) == (old_form == new_form), name
            assert (compare(old, new) == []) == (content_hash(old) == content_hash(new)), name


@needs_corpus
def test_real_pairs_have_quiet_and_busy_days() -> None:
    busy = [name for name, old, new in neighbours() if compare(old, new)]
    assert len(busy) == 55
    assert len(list(neighbours())) - len(busy) > 100


@needs_corpus
def test_real_pairs_mirror() -> None:
    for name, old, new in neighbours():
        assert told_plainly(compare(new, old), turned=True) == told_plainly(compare(old, new)), name


@needs_corpus
def test_real_pairs_tell_nothing_twice() -> None:
    for name, old, new in neighbours():
        paths = Counter(change.path for change in compare(old, new))
        assert [path for path, times in paths.items() if times > 1] == [], name


@needs_corpus
def test_real_pairs_do_not_care_for_the_order_of_lists() -> None:
    chance = random.Random(11)  # noqa: S311
    for name, old, new in neighbours():
        assert compare(old, shuffled(old, chance)) == [], name
        if changes := compare(old, new):
            mixed = compare(shuffled(old, chance), shuffled(new, chance))
            assert sorted(c.path for c in mixed) == sorted(c.path for c in changes), name


@needs_corpus
def test_the_flip_to_unknown_is_the_registrys() -> None:
    (flip,) = [
        change
        for name, old, new in neighbours()
        if name.startswith("NCT06302556")
        for change in compare(old, new)
        if change.path == f"{STATUS}.overallStatus"
    ]
    assert (flip.old, flip.new, flip.kind, flip.by) == ("NOT_YET_RECRUITING", "UNKNOWN", "status", "registry")


@needs_corpus
@pytest.mark.parametrize(
    "number",
    ["NCT05935098", "NCT06203210", "NCT06754501", "NCT06821503", "NCT07011550", "NCT07227597", "NCT07268053"],
)
def test_a_status_that_came_with_an_update_is_the_sponsors(number: str) -> None:
    changes = [
        change
        for name, old, new in neighbours()
        if name.startswith(number)
        for change in compare(old, new)
        if change.path == f"{STATUS}.overallStatus"
    ]
    assert changes
    assert {(change.kind, change.by) for change in changes} == {("status", "sponsor")}


@needs_corpus
def test_one_site_among_many_is_one_addition() -> None:
    old = max((days[0][1] for days in snapshots().values()), key=lambda document: len(sites(document)))
    new = copy.deepcopy(old)
    sites(new).insert(3, {"facility": "New Clinic", "city": "Town", "country": "Land", "status": "RECRUITING"})
    assert told(compare(old, new)) == [(f"{SITES}[New Clinic | Town | Land]", "added", None, sites(new)[3])]


def sites(document: Json) -> list[Json]:
    found: list[Json] = document["protocolSection"].get("contactsLocationsModule", {}).get("locations", [])
    return found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values that are not dicts or lists."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


@needs_corpus
def test_any_edit_of_one_value_is_told() -> None:
    """One value of a real record becomes another: it is told, and nothing elsewhere."""
    chance = random.Random(5)  # noqa: S311
    for days in snapshots().values():
        old = days[-1][1]
        for place in chance.sample(list(leaves(old)), 6):
            new = copy.deepcopy(old)
            node = new
            for step in place[:-1]:
                node = node[step]
            node[place[-1]] = "another value"
            changes = compare(old, new)
            plain = ".".join(step for step in place if isinstance(step, str))
            assert bool(changes) == (not plain.endswith("versionHolder")), place
            assert all(plain.startswith(plain_path(change.path)) for change in changes), place
            if not any(isinstance(step, int) for step in place) and changes:
                assert [(c.path, c.new) for c in changes] == [(plain, "another value")]


@needs_corpus
def test_any_lost_item_is_told_once() -> None:
    chance = random.Random(6)  # noqa: S311
    for days in snapshots().values():
        old = days[-1][1]
        lists = [place[:-1] for place in leaves(old) if isinstance(place[-1], int)]
        lists += [place[:-2] for place in leaves(old) if len(place) > 1 and isinstance(place[-2], int)]
        for place in chance.sample(sorted(set(lists), key=str), 5):
            new = copy.deepcopy(old)
            node: Any = new
            for step in place:
                node = node[step]
            lost = node.pop(chance.randrange(len(node)))
            (change,) = compare(old, new)
            assert (change.op, change.old) == ("removed", lost), place


_WORDED = "protocolSection.eligibilityModule.eligibilityCriteria"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Inclusion:\n\n* Age \\> 18\n* Consent", "Inclusion:\n\n  -  Age > 18\n\n  -  Consent", True),
        ("1. First\n2. Second", "First\nSecond", True),
        ("* Age \\> 18", "* Age \\> 21", False),
        ("* With consent", "* Consent", False),
    ],
)
def test_texts_of_two_presentations_are_compared_on_words(one: str, other: str, is_same: bool) -> None:
    old, new = ({"protocolSection": {"eligibilityModule": {"eligibilityCriteria": text}}} for text in (one, other))
    assert [change.path for change in compare(old, new, words=True)] == ([] if is_same else [_WORDED])
    assert [change.path for change in compare(old, new)] == [_WORDED]
