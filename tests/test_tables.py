"""Studies to rows: every field of the model is in a table, every item of a list has its row, nothing is made up."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import FIXTURES, NCT, record

from ctgov_ingest.store.projection import COLUMNS
from ctgov_ingest.study.shape import paths
from ctgov_ingest.tables import STUDIES, TABLES, TEXTS, Row, Table, plain, projection, texts
from ctgov_ingest.tables.protocol import LINKS
from ctgov_ingest.tables.table import lists

WHOLE = orjson.loads((FIXTURES / "api-v2" / "interventional.json").read_bytes())
NAMED = {table.name: table for table in TABLES}

TOLD_OTHERWISE = {
    "protocolSection.identificationModule.nctId": "every row has it",
    "protocolSection.armsInterventionsModule.armGroups.interventionNames": "arm_group_interventions",
    "protocolSection.armsInterventionsModule.interventions.armGroupLabels": "arm_group_interventions",
}


def rows(document: Any, name: str) -> list[dict[str, Any]]:
    """The rows that a table has of a record, by column."""
    table = NAMED[name]
    names = [column.name for column in table.all_columns]
    found = projection(table)(plain(orjson.dumps(document)), NCT)
    return [dict(zip(names, row, strict=True)) for row in found]


def shown(table: Table) -> Iterator[str]:
    """The paths that a table shows, those of its other parts too."""
    first = table.parts[0].path
    for column in table.columns:
        yield column.path
        if column.path.startswith(first):
            yield from (part.path + column.path[len(first) :] for part in table.parts[1:])


# --- the definitions --------------------------------------------------------------------------------------------------


def test_every_field_of_the_model_is_in_a_table() -> None:
    fields = {path for path, shape in paths().items() if shape.kind != "record"}
    told = {path for table in TABLES for path in shown(table)} | set(TOLD_OTHERWISE)
    told |= {part.path for table in TABLES for part in table.parts}  # lists of texts
    assert fields - told == set()


def test_a_store_and_a_data_set_call_a_field_of_the_study_the_same() -> None:
    named = {column.name: column.path for column in STUDIES.columns if column.of == "value"}
    assert {name: named.get(name) for name in COLUMNS} == COLUMNS


def test_no_two_columns_of_a_table_have_one_name() -> None:
    for table in TABLES:
        names = Counter(column.name for column in table.all_columns)
        assert max(names.values()) == 1, table.name


def test_every_text_that_is_searched_is_a_field_of_the_model() -> None:
    assert [path for column in TEXTS for path in column.paths if path not in paths()] == []


# --- rows -------------------------------------------------------------------------------------------------------------


def test_a_date_keeps_its_precision() -> None:
    document = record(statusModule={"startDateStruct": {"date": "2012-11", "type": "ESTIMATED"}})
    (study,) = rows(document, "studies")
    told = {name: study[name] for name in study if name.startswith("start_date")}
    assert told == {
        "start_date": "2012-11",
        "start_date_type": "ESTIMATED",
        "start_date_precision": "MONTH",
        "start_date_earliest": "2012-11-01",
    }


@pytest.mark.parametrize("date", ["2012-13", "November 2012", ""])
def test_what_is_no_date_stays_text(date: str) -> None:
    (study,) = rows(record(statusModule={"startDateStruct": {"date": date}}), "studies")
    assert (study["start_date"], study["start_date_precision"], study["start_date_earliest"]) == (date, None, None)


def test_items_of_alike_lists_are_told_apart_and_counted_each_for_itself() -> None:
    outcomes = {
        "primaryOutcomes": [{"measure": "a", "timeFrame": "1 day"}, {"measure": "b"}],
        "otherOutcomes": [{"measure": "c"}],
    }
    found = [tuple(row.values()) for row in rows(record(outcomesModule=outcomes), "outcomes")]
    assert found == [
        (NCT, "PRIMARY", 1, "a", None, "1 day"),
        (NCT, "PRIMARY", 2, "b", None, None),
        (NCT, "OTHER", 1, "c", None, None),
    ]


def test_ids_of_every_kind_are_in_one_table() -> None:
    identification = {
        "nctId": NCT,
        "nctIdAliases": ["NCT09900009"],
        "orgStudyIdInfo": {"id": "S-1"},
        "secondaryIdInfos": [{"id": "U01", "type": "NIH", "domain": "NIH"}],
    }
    found = [tuple(row.values())[1:] for row in rows(record(identificationModule=identification), "ids")]
    assert found == [
        ("SECONDARY_ID", 1, "U01", "NIH", "NIH", None),
        ("ORG_STUDY_ID", 1, "S-1", None, None, None),
        ("NCT_ID_ALIAS", 1, "NCT09900009", None, None, None),
    ]


def test_a_class_without_values_has_a_row() -> None:
    classes = [
        {"title": "empty"},
        {"title": "full", "categories": [{"measurements": [{"groupId": "OG000", "value": "3"}]}]},
    ]
    results = {"outcomeMeasuresModule": {"outcomeMeasures": [{"classes": classes}]}}
    found = rows({**record(), "resultsSection": results}, "outcome_measurements")
    told = [(row["class_ordinal"], row["ordinal"], row["class_title"], row["group_id"], row["value"]) for row in found]
    assert told == [(1, 1, "empty", None, None), (2, 1, "full", "OG000", "3")]


def test_a_list_within_a_list_names_the_places_of_both() -> None:
    places = [{"city": "Rome"}, {"city": "Bern", "contacts": [{"name": "A"}, {"name": "B"}]}]
    found = rows(record(contactsLocationsModule={"locations": places}), "location_contacts")
    assert [(row["location_ordinal"], row["ordinal"], row["name"]) for row in found] == [(2, 1, "A"), (2, 2, "B")]


def test_what_is_not_there_has_no_row() -> None:
    bare = record()
    assert {table.name for table in TABLES if rows(bare, table.name)} == {"studies"}


@pytest.mark.parametrize(
    ("arms", "interventions", "links"),
    [
        (["Drug: A"], [("A", ["one"])], [(1, 1, "one", "A")]),
        ([], [("A", ["one"])], [(1, 1, "one", "A")]),
        (["Drug: A"], [("A", [])], [(1, 1, "one", "A")]),
        (["Drug: A: B"], [("A: B", [])], [(1, 1, "one", "A: B")]),
        (["Drug: Z"], [("A", [])], [(1, None, "one", "Drug: Z")]),
        ([], [("A", ["gone"])], [(None, 1, "gone", "A")]),
        (["Drug: A"], [("A", ["one"]), ("A", ["one"])], [(1, 1, "one", "A"), (1, 2, "one", "A")]),
    ],
)
def test_arms_and_interventions_are_linked_from_either_side(
    arms: list[str], interventions: list[tuple[str, list[str]]], links: list[Row]
) -> None:
    module = {
        "armGroups": [{"label": "one", "interventionNames": arms}],
        "interventions": [{"name": name, "armGroupLabels": labels} for name, labels in interventions],
    }
    found = rows(record(armsInterventionsModule=module), "arm_group_interventions")
    assert [tuple(row.values())[2:] for row in found] == links


# --- what comes in may be anything ------------------------------------------------------------------------------------


def test_a_value_of_another_type_is_left_out_and_the_others_keep_their_places() -> None:
    document = record(conditionsModule={"conditions": ["a", 7, None, "b"]})
    document["protocolSection"]["designModule"] = {"enrollmentInfo": {"count": "many"}, "phases": "PHASE1"}
    assert [(row["ordinal"], row["name"]) for row in rows(document, "conditions")] == [
        (1, "a"),
        (2, None),
        (3, None),
        (4, "b"),
    ]
    (study,) = rows(document, "studies")
    assert (study["enrollment"], study["phases"], study["brief_title"]) == (None, None, "A study of sleep")


def test_unknown_keys_are_passed_over() -> None:
    document = record(conditionsModule={"conditions": ["a"], "news": {"deep": [1]}})
    assert [row["name"] for row in rows(document, "conditions")] == ["a"]


def test_what_no_text_can_hold_is_shown_as_such() -> None:
    text = b'{"protocolSection":{"conditionsModule":{"conditions":["a\\u0000b","c\\ud83e"]}}}'
    found = projection(NAMED["conditions"])(plain(text), NCT)
    assert [name for *_, name in found] == ["a\ufffdb", "c\ufffd"]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    st.sampled_from([[[]], {"a": {}}, [None, {}, "x"]]),
)
TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "texts": tuple,
    "int": int,
    "number": (int, float),
    "bool": bool,
    "day": str,
}


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as what holds it and its key."""
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from places(node[key])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_stands_at_a_place_cells_are_what_their_columns_hold(data: st.DataObject) -> None:
    document = orjson.loads(orjson.dumps(WHOLE))
    for _ in range(3):
        holder, key = data.draw(st.sampled_from(list(places(document))))
        holder[key] = data.draw(JUNK)
    study = plain(orjson.dumps(document))
    texts(study)
    for table in TABLES:
        columns = table.all_columns
        for row in projection(table)(study, NCT):
            assert len(row) == len(columns)
            for column, cell in zip(columns, row, strict=True):
                assert cell is None or isinstance(cell, TYPES[column.cell]), (table.name, column.name, cell)


# --- every item, counted by other means -------------------------------------------------------------------------------


def items(node: Any, names: list[str]) -> int:
    """How many items the list at the end of a way has, through all lists on it."""
    if isinstance(node, list):
        return sum(items(one, names) for one in node) if names else len(node)
    if not names:
        return int(node is not None)
    return items(node.get(names[0]), names[1:]) if isinstance(node, dict) else 0


def counted(document: Any, table: Table) -> int:
    return sum(items(document, part.path.split(".")) for part in table.parts)


def test_every_item_of_real_records_has_its_row(corpus: Path) -> None:
    """What lies above an empty list has a row: here 34 classes of traits, 7 of outcomes. Of 62 arms that name two
    interventions of one name both are told.
    """
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            document, study = orjson.loads(raw), plain(raw)
            for table in TABLES:
                wanted[table.name] += counted(document, table) if lists(table.parts[0].path) else 0
                found[table.name] += len(projection(table)(study, NCT))
    once = {table.name for table in TABLES if not lists(table.parts[0].path)}
    differing = {name: found[name] - wanted[name] for name in found if name not in once and found[name] != wanted[name]}
    assert differing == {LINKS.name: 62, "baseline_measurements": 34, "outcome_measurements": 7}
    assert (found["studies"], found["results"], found["points_of_contact"]) == (1969, 200, 200)


def test_no_text_of_real_records_is_left_out(corpus: Path) -> None:
    """Every text at a path that the model knows is in a cell of that path, so often as it stands there."""
    with zipfile.ZipFile(corpus / "api_v2" / "studies.json.zip") as archive:
        for name in archive.namelist()[::40]:
            raw = archive.read(name)
            study = plain(raw)
            cells = {cell for table in TABLES for row in projection(table)(study, NCT) for cell in flat(row)}
            missing = {text for path, text in leaves(orjson.loads(raw), "") if text not in cells}
            assert {path for path, text in leaves(orjson.loads(raw), "") if text in missing} <= set(TOLD_OTHERWISE), (
                name
            )


def flat(row: Row) -> Iterator[Any]:
    for cell in row:
        yield from cell if isinstance(cell, tuple) else (cell,)


def leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}".lstrip("."))
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, path)
    else:
        yield path, node
