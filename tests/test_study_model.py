"""The model as a whole: its shape, its strictness, what it keeps, and real records there and back."""

import csv
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import orjson
import pytest
from pydantic import ValidationError

import ctgov_ingest.study as package
from ctgov_ingest.study import (
    DateStruct,
    DateType,
    Duration,
    EligibilityModule,
    IdentificationModule,
    Kind,
    Location,
    PartialDate,
    Phase,
    ProtocolSection,
    Record,
    Shape,
    Status,
    Study,
    Unknown,
    Unknowns,
    Vocabulary,
    fields,
    paths,
    unknowns,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus" / "api_v2"
SPEC = SHARED / "spec" / "v2_fields.tsv"

BEYOND_THE_SPEC = {
    "protocolSection.contactsLocationsModule.locations.countryCode",
    "derivedSection.miscInfoModule.modelPredictions",
    "derivedSection.miscInfoModule.modelPredictions.bmiLimits",
    "derivedSection.miscInfoModule.modelPredictions.bmiLimits.minBmi",
    "derivedSection.miscInfoModule.modelPredictions.bmiLimits.maxBmi",
}

KINDS: dict[str, Kind] = {
    "text": "text",
    "string": "text",
    "markup": "markup",
    "boolean": "bool",
    "integer": "int",
    "long": "int",
    "PartialDate": "date",
    "NormalizedDate": "date",
    "DateTimeMinutes": "date",
    "NormalizedTime": "duration",
}


@cache
def spec_rows() -> dict[str, dict[str, str]]:
    if not SPEC.exists():
        pytest.skip("the registry's list of fields (shared/spec/v2_fields.tsv) is not here")
    with SPEC.open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def spec_type(path: str) -> str:
    return spec_rows()[path]["dataType(metadata type)"].removesuffix("[]")


def corpus() -> Iterator[tuple[str, bytes]]:
    if not CORPUS.exists():
        pytest.skip("the corpus of real records (shared/corpus/api_v2) is not here")
    with zipfile.ZipFile(CORPUS / "studies.json.zip") as archive:
        for name in archive.namelist():
            yield name, archive.read(name)
    for file in sorted(CORPUS.glob("snapshots/*/*.json")):
        yield f"{file.parent.name}/{file.name}", file.read_bytes()


def study(**modules: object) -> Study:
    """A study whose protocol section has these modules, given under the API's names."""
    return Study.model_validate({"protocolSection": modules})


def record_classes() -> list[type[Record]]:
    named = [getattr(package, name) for name in package.__all__]
    return [value for value in named if isinstance(value, type) and issubclass(value, Record)]


# The shape


def test_the_paths_are_those_of_the_registry_and_the_known_others() -> None:
    assert set(paths()) == set(spec_rows()) | BEYOND_THE_SPEC


def test_the_paths_stand_in_the_order_of_the_registry() -> None:
    rows = spec_rows()
    ours = [path for path in paths() if path in rows and rows[path]["piece"]]
    assert ours == [path for path, row in rows.items() if row["piece"]]


def test_lists_are_lists_where_the_registry_has_lists() -> None:
    many = {path for path, shape in paths().items() if shape.many}
    assert many == {path for path, row in spec_rows().items() if row["cardinality(OAS 2.0.5)"] == "*"}


def test_enums_have_the_vocabulary_of_the_registry() -> None:
    ours = {path: shape.of.__name__ for path, shape in paths().items() if shape.of and shape.kind == "enum"}
    assert ours == {path: spec_type(path) for path, row in spec_rows().items() if row["isEnum"] == "Y"}


def test_fields_are_of_the_kind_that_the_registry_says() -> None:
    # "number" is a count in nPtrsToThisExpAccNctId and a fraction in geoPoint, so both are left out here.
    rows = [path for path in spec_rows() if spec_type(path) in KINDS]
    assert {path: paths()[path].kind for path in rows} == {path: KINDS[spec_type(path)] for path in rows}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("protocolSection.designModule.nPtrsToThisExpAccNctId", "int"),
        ("protocolSection.contactsLocationsModule.locations.geoPoint.lat", "number"),
        ("derivedSection.miscInfoModule.modelPredictions.bmiLimits.maxBmi", "number"),
    ],
)
def test_numbers_are_counts_or_fractions(path: str, kind: Kind) -> None:
    assert paths()[path].kind == kind


@pytest.mark.parametrize("path", list(paths()))
def test_python_names_derive_from_the_names_of_the_api(path: str) -> None:
    shape = paths()[path]
    derived = re.sub("([A-Z])", r"_\1", shape.alias).lower()
    assert shape.name == ("class_" if derived == "class" else derived)


def test_a_shape_tells_name_kind_and_class() -> None:
    assert fields(ProtocolSection)["statusModule"] == Shape(
        "status_module", "statusModule", "record", False, package.StatusModule
    )


def test_a_shape_of_a_list_tells_its_items() -> None:
    assert fields(package.DesignModule)["phases"] == Shape("phases", "phases", "enum", True, Phase)


def test_the_fields_of_a_class_are_worked_out_once() -> None:
    assert fields(Location) is fields(Location)


def test_paths_can_start_at_any_class() -> None:
    assert list(paths(DateStruct)) == ["date", "type"]


# The classes


@pytest.mark.parametrize("cls", record_classes(), ids=lambda cls: cls.__name__)
def test_every_class_and_field_has_a_docstring(cls: type[Record]) -> None:
    assert cls.__doc__
    assert all(info.description for info in cls.model_fields.values())


@pytest.mark.parametrize("cls", record_classes(), ids=lambda cls: cls.__name__)
def test_every_field_is_optional(cls: type[Record]) -> None:
    assert cls.model_validate_json("{}") == cls()


def test_all_is_sorted_and_there() -> None:
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_fields_can_be_given_by_their_python_names() -> None:
    module = IdentificationModule(nct_id="NCT00000001")
    assert module == IdentificationModule.model_validate_json('{"nctId":"NCT00000001"}')


def test_a_study_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        study(statusModule={}).has_results = True  # type: ignore[misc]


def test_equal_studies_have_equal_hashes() -> None:
    one, other = (study(designModule={"phases": ["PHASE1", "PHASE2"]}) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)


def test_unknown_lists_do_not_keep_a_study_from_being_hashed() -> None:
    assert isinstance(hash(Study.model_validate_json('{"new":[1]}')), int)


def test_studies_that_differ_in_an_unknown_key_are_not_equal() -> None:
    assert Study.model_validate_json('{"new":1}') != Study.model_validate_json('{"new":2}')


def test_the_text_of_a_record_shows_only_what_is_there() -> None:
    assert repr(DateStruct(date=PartialDate("2012-11"))) == "DateStruct(date='2012-11')"


# Strictness: a value of another JSON type is an error, never a conversion

WRONG: dict[Kind, list[str]] = {
    "text": ["1", "true", "{}", "[]"],
    "markup": ["1", "true", "{}", "[]"],
    "date": ["2012", "true", '"2012-13"', '"soon"', '""'],
    "duration": ["18", "true", "[]"],
    "bool": ['"Yes"', '"true"', "1", "0"],
    "int": ['"12"', "true", "1.5", "1.0"],
    "number": ['"1.5"', "true", "NaN"],
    "enum": ["1", "true", "{}"],
    "record": ['""', "1", "[]"],
}


@cache
def all_shapes() -> list[tuple[type[Record], Shape]]:
    return [(cls, shape) for cls in record_classes() for shape in fields(cls).values()]


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_types_are_refused_everywhere(kind: Kind) -> None:
    for cls, shape in all_shapes():
        for wrong in WRONG[kind] if shape.kind == kind else ():
            raw = f'{{"{shape.alias}":{f"[{wrong}]" if shape.many else wrong}}}'
            with pytest.raises(ValidationError):
                cls.model_validate_json(raw)


@pytest.mark.parametrize("wrong", ["1", '"one"', '{"0":"one"}'])
def test_lists_take_nothing_but_lists(wrong: str) -> None:
    for cls, shape in all_shapes():
        if shape.many:
            with pytest.raises(ValidationError):
                cls.model_validate_json(f'{{"{shape.alias}":{wrong}}}')


def test_plain_dicts_are_read_as_strictly_as_bytes() -> None:
    with pytest.raises(ValidationError):
        study(eligibilityModule={"healthyVolunteers": "Yes"})


def test_an_error_names_the_path() -> None:
    with pytest.raises(ValidationError) as caught:
        study(eligibilityModule={"healthyVolunteers": "Yes"})
    assert caught.value.errors()[0]["loc"] == ("protocolSection", "eligibilityModule", "healthyVolunteers")


# Unknown keys and values


def test_nothing_is_marked_where_all_is_known() -> None:
    context = Unknowns()
    Study.model_validate_json('{"protocolSection":{"statusModule":{"overallStatus":"RECRUITING"}}}', context=context)
    assert not context.seen


@pytest.mark.parametrize(
    ("raw", "unknown"),
    [
        ('{"new":1}', Unknown("new", "key", 1)),
        ('{"new":null}', Unknown("new", "key", None)),
        (
            '{"resultsSection":{"new":{"a":[1],"b":null}}}',
            Unknown("resultsSection.new", "key", {"a": [1], "b": None}),
        ),
        (
            '{"protocolSection":{"statusModule":{"overallStatus":"PAUSED"}}}',
            Unknown("protocolSection.statusModule.overallStatus", "value", "PAUSED"),
        ),
        (
            '{"protocolSection":{"designModule":{"phases":["PHASE1","PHASE5"]}}}',
            Unknown("protocolSection.designModule.phases[1]", "value", "PHASE5"),
        ),
        (
            '{"protocolSection":{"eligibilityModule":{"maximumAge":"old"}}}',
            Unknown("protocolSection.eligibilityModule.maximumAge", "value", "old"),
        ),
        (
            '{"protocolSection":{"contactsLocationsModule":{"locations":[{},{"status":"UNKNOWN"}]}}}',
            Unknown("protocolSection.contactsLocationsModule.locations[1].status", "value", "UNKNOWN"),
        ),
    ],
)
def test_what_is_unknown_is_marked_named_and_kept(raw: str, unknown: Unknown) -> None:
    context = Unknowns()
    record = Study.model_validate_json(raw, context=context)
    assert context.seen
    assert unknowns(record) == [unknown]
    if unknown.value is not None:
        assert record.document() == orjson.loads(raw)


def test_what_is_unknown_is_kept_without_a_context() -> None:
    assert unknowns(Study.model_validate_json('{"new":1}')) == [Unknown("new", "key", 1)]


def test_unknowns_are_found_below_any_record() -> None:
    location = Location.model_validate({"status": "OPEN", "planet": "Mars"})
    assert unknowns(location) == [Unknown("status", "value", "OPEN"), Unknown("planet", "key", "Mars")]


def test_a_value_is_not_unknown_because_it_came_as_a_member() -> None:
    module = EligibilityModule(minimum_age=Duration("18 Years"), sex=package.Sex.ALL)
    assert unknowns(module) == []


# Everyday properties

EVERYDAY = [
    name
    for name, value in vars(Study).items()
    if not name.startswith("_") and type(value).__name__ in {"property", "cached_property"}
]


def empty_studies() -> list[Study]:
    modules: dict[str, object] = {alias: {} for alias in fields(ProtocolSection)}
    return [Study(), study(), Study.model_validate({"protocolSection": modules, "derivedSection": {}})]


@pytest.mark.parametrize("name", [name for name in EVERYDAY if name != "eligibility"])
def test_properties_of_an_empty_study_are_empty(name: str) -> None:
    assert all(getattr(empty, name) in (None, ()) for empty in empty_studies())


def test_eligibility_is_the_module() -> None:
    assert study(eligibilityModule={"sex": "ALL"}).eligibility == EligibilityModule(sex=package.Sex.ALL)


def test_title_is_the_brief_one() -> None:
    assert study(identificationModule={"briefTitle": "b", "officialTitle": "o"}).title == "b"


def test_title_is_the_official_one_where_there_is_no_brief_one() -> None:
    assert study(identificationModule={"officialTitle": "o"}).title == "o"


def test_start_is_a_date_with_its_type() -> None:
    start = study(statusModule={"startDateStruct": {"date": "2012-11", "type": "ACTUAL"}}).start
    assert start == DateStruct(date=PartialDate("2012-11"), type=DateType.ACTUAL)


def test_first_posted_is_a_date() -> None:
    posted = study(statusModule={"studyFirstPostDateStruct": {"date": "2012-11-28"}}).first_posted
    assert posted == PartialDate("2012-11-28")


def test_status_is_a_member_of_its_vocabulary() -> None:
    assert study(statusModule={"overallStatus": "RECRUITING"}).status is Status.RECRUITING


def test_an_unknown_status_is_plain_text() -> None:
    status = study(statusModule={"overallStatus": "PAUSED"}).status
    assert type(status) is str
    assert status == "PAUSED"


def test_phases_are_a_tuple_of_members() -> None:
    assert study(designModule={"phases": ["PHASE1", "PHASE2"]}).phases == (Phase.PHASE1, Phase.PHASE2)


def test_criteria_are_worked_out_once() -> None:
    pytest.importorskip("ctgov_ingest.study.criteria")
    with_criteria = study(eligibilityModule={"eligibilityCriteria": "Inclusion Criteria:\n\n* Adults"})
    assert with_criteria.criteria is not None
    assert with_criteria.criteria is with_criteria.criteria


def test_looking_at_the_criteria_changes_nothing() -> None:
    pytest.importorskip("ctgov_ingest.study.criteria")
    seen, unseen = (study(eligibilityModule={"eligibilityCriteria": "Adults"}) for _ in range(2))
    assert seen.criteria is not None
    assert seen == unseen
    assert hash(seen) == hash(unseen)
    assert seen.document() == unseen.document()


def test_a_document_leaves_out_what_is_absent() -> None:
    document = study(identificationModule={"nctId": "NCT00000001", "acronym": None}).document()
    assert document == {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}


def test_a_document_is_made_of_plain_values() -> None:
    document = study(
        statusModule={"overallStatus": "RECRUITING", "statusVerifiedDate": "2012-11"},
        conditionsModule={"conditions": ["Asthma"]},
    ).document()
    section = document["protocolSection"]
    values = [*section["statusModule"].values(), section["conditionsModule"]["conditions"]]
    assert {type(value) for value in values} == {str, list}


# Real records


def test_real_records_come_back_as_they_were() -> None:
    changed = []
    for name, raw in corpus():
        back = Study.model_validate_json(raw).model_dump_json(by_alias=True, exclude_none=True)
        if orjson.loads(back) != orjson.loads(raw):
            changed.append(name)
    assert changed == []


def test_real_records_are_the_same_study_from_bytes_and_from_dicts() -> None:
    different = [
        name for name, raw in corpus() if Study.model_validate_json(raw) != Study.model_validate(orjson.loads(raw))
    ]
    assert different == []


def test_real_records_give_their_documents() -> None:
    changed = [name for name, raw in corpus() if Study.model_validate_json(raw).document() != orjson.loads(raw)]
    assert changed == []


def test_the_unknown_keys_of_real_records_are_the_known_four() -> None:
    found = set()
    for _, raw in corpus():
        context = Unknowns()
        record = Study.model_validate_json(raw, context=context)
        if context.seen:
            found |= {(re.sub(r"\[\d+\]", "[]", one.path), one.what) for one in unknowns(record)}
    assert found == {
        ("Timestamp", "key"),
        ("timestamp", "key"),
        ("protocolSection.contactsLocationsModule.locations_nested", "key"),
        ("protocolSection.armsInterventionsModule.interventions[].interventionMappedName", "key"),
    }


def test_a_real_record_is_marked_exactly_when_it_holds_something_unknown() -> None:
    wrong = []
    for name, raw in corpus():
        context = Unknowns()
        if bool(unknowns(Study.model_validate_json(raw, context=context))) is not context.seen:
            wrong.append(name)
    assert wrong == []


def test_everyday_properties_work_on_real_records() -> None:
    plain = [name for name in EVERYDAY if name != "criteria"]
    for name, raw in corpus():
        record = Study.model_validate_json(raw)
        values = {attribute: getattr(record, attribute) for attribute in plain}
        assert values["nct_id"] == name[:11]
        assert values["title"]
        assert isinstance(values["status"], Vocabulary)


def test_real_dates_are_partial_dates() -> None:
    for _, raw in corpus():
        assert isinstance(Study.model_validate_json(raw).version_holder, PartialDate | None)
