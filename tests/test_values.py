"""One text in, one value out: what the registry's pages write, and what they never should."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctgov_ingest.study import PartialDate, Vocabulary
from ctgov_ingest.study import vocabularies as v
from ctgov_ingest.values.ages import AgeLimits, parse_age_limits
from ctgov_ingest.values.dates import MONTHS, parse_date
from ctgov_ingest.values.labels import FORMER_SPELLINGS, parse_label
from ctgov_ingest.values.numbers import parse_count, parse_number, parse_yes_no
from ctgov_ingest.values.people import Address, ContactLine, split_address, split_contact
from ctgov_ingest.values.phrases import (
    OutcomeLine,
    StatusLine,
    split_arm,
    split_intervention,
    split_interventions,
    split_masking,
    split_outcome,
    split_phases,
    split_secondary_id,
    split_status,
)

PARSERS: tuple[Callable[[str], Any], ...] = (
    parse_date,
    parse_age_limits,
    parse_count,
    parse_number,
    parse_yes_no,
    lambda text: parse_label(v.Status, text),
    lambda text: parse_label(v.Phase, text),
)
SPLITTERS: tuple[Callable[[str], Any], ...] = (
    split_masking,
    split_phases,
    split_intervention,
    split_interventions,
    split_arm,
    split_outcome,
    split_secondary_id,
    split_status,
    split_contact,
    lambda text: split_address(text, text),
    lambda text: split_address(text, "China, Jiangsu"),
)


# Dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("June 2, 2011", "2011-06-02"),
        ("November 28, 2012", "2012-11-28"),
        ("November 2012", "2012-11"),
        ("Nov 2012", "2012-11"),
        ("Sept. 2012", None),
        ("Sep. 2012", "2012-09"),
        ("2 June 2011", "2011-06-02"),
        ("2012", "2012"),
        ("2012-11", "2012-11"),
        ("2012-11-28", "2012-11-28"),
        ("2005_06_23", "2005-06-23"),
        ("  May 2016 ", "2016-05"),
        ("February 29, 2016", "2016-02-29"),
        ("February 29, 2015", None),
        ("June 31, 2011", None),
        ("Juni 2, 2011", None),
        ("2011-13", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_keep_the_precision_that_they_have(text: str, date: str | None) -> None:
    if date is None:
        with pytest.raises(ValueError, match="expected a date"):
            parse_date(text)
    else:
        assert parse_date(text) == date


def written(date: PartialDate) -> str:
    """A date as the pages write it."""
    if date.month is None:
        return str(date)
    month = MONTHS[date.month - 1].capitalize()
    return f"{month} {date.year:04d}" if date.day is None else f"{month} {date.day}, {date.year:04d}"


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_every_date_written_in_words_reads_back(day: Any, length: int) -> None:
    date = PartialDate(day.isoformat()[:length])
    assert parse_date(written(date)) == date


# Ages


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("18 Years to 60 Years (Adult)", AgeLimits("18 Years", "60 Years", ("Adult",))),
        ("18 Years to 65 Years   (Adult, Older Adult)", AgeLimits("18 Years", "65 Years", ("Adult", "Older Adult"))),
        ("18 Years and older (Adult, Senior)", AgeLimits("18 Years", None, ("Adult", "Senior"))),
        ("18 Years and older", AgeLimits("18 Years", None, ())),
        ("up to 17 Years (Child)", AgeLimits(None, "17 Years", ("Child",))),
        ("5 Months to 7 Months (Child)", AgeLimits("5 Months", "7 Months", ("Child",))),
        ("1 Day and older (Child, Adult, Older Adult)", AgeLimits("1 Day", None, ("Child", "Adult", "Older Adult"))),
        ("Child, Adult, Older Adult", AgeLimits(None, None, ("Child", "Adult", "Older Adult"))),
        ("Adult", AgeLimits(None, None, ("Adult",))),
        ("18 to 60", None),
        ("eighteen", None),
        ("18 Years to 60 Years (Grown)", None),
        ("", None),
    ],
)
def test_ages_give_limits_and_groups(text: str, limits: AgeLimits | None) -> None:
    if limits is None:
        with pytest.raises(ValueError, match="expected ages"):
            parse_age_limits(text)
    else:
        assert parse_age_limits(text) == limits


# Numbers


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("20 participants", 20),
        ("1 participant", 1),
        ("1,234 participants", 1234),
        ("0", 0),
        ("12,34", None),
        ("-5", None),
        ("20 houses", None),
        ("twenty", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    if count is None:
        with pytest.raises(ValueError, match="expected a count"):
            parse_count(text)
    else:
        assert parse_count(text) == count


@pytest.mark.parametrize(("text", "number"), [("3", 3.0), ("-3.25", -3.25), (" 0.5 ", 0.5)])
def test_numbers(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e9", "1_000", ".5", "1.", "", "x"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        parse_number(text)


@pytest.mark.parametrize(("text", "answer"), [("Yes", True), ("No", False), (" yes ", True), ("NO", False)])
def test_yes_and_no(text: str, answer: bool) -> None:
    assert parse_yes_no(text) is answer


@pytest.mark.parametrize("text", ["", "Undecided", "Yes and no", "1"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected Yes or No"):
        parse_yes_no(text)


# Labels


def vocabularies() -> list[type[Vocabulary]]:
    found = [getattr(v, name) for name in dir(v)]
    classes = [one for one in found if isinstance(one, type) and issubclass(one, Vocabulary)]
    return [one for one in classes if one is not Vocabulary]


@pytest.mark.parametrize("vocabulary", vocabularies(), ids=lambda one: one.__name__)
def test_every_member_is_found_by_value_and_by_label(vocabulary: type[Vocabulary]) -> None:
    for member in vocabulary:
        assert parse_label(vocabulary, member.value) is member
        assert parse_label(vocabulary, f" {member.label.upper()} ") is member


@pytest.mark.parametrize("vocabulary", FORMER_SPELLINGS, ids=lambda one: one.__name__)
def test_former_spellings_do_not_take_a_label_of_today(vocabulary: type[Vocabulary]) -> None:
    labels = {member.label.casefold(): member for member in vocabulary}
    for text, member in FORMER_SPELLINGS[vocabulary].items():
        assert labels.get(text.casefold(), member) is member


@pytest.mark.parametrize(
    ("vocabulary", "text", "value"),
    [
        (v.Status, "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        (v.Status, "active,\u00a0not\n recruiting", "ACTIVE_NOT_RECRUITING"),
        (v.Status, "Unknown", "UNKNOWN"),
        (v.Status, "Unknown status", "UNKNOWN"),
        (v.Sex, "Both", "ALL"),
        (v.DesignMasking, "Double Blind", "DOUBLE"),
        (v.WhoMasked, "Subject", "PARTICIPANT"),
        (v.StudyType, "Interventional  (Clinical Trial)", "INTERVENTIONAL"),
        (v.Phase, "N/A", "NA"),
        (v.Phase, "Early Phase 1", "EARLY_PHASE1"),
        (v.Phase, "III", "PHASE3"),
        (v.InterventionType, "Behavior", "BEHAVIORAL"),
        (v.DateType, "Anticipated", "ESTIMATED"),
        (v.StandardAge, "Senior", "OLDER_ADULT"),
    ],
)
def test_spellings_of_all_times(vocabulary: type[Vocabulary], text: str, value: str) -> None:
    assert parse_label(vocabulary, text).value == value


def test_an_unknown_label_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"expected one of .*'Recruiting'.*, found 'Rekrutierend'"):
        parse_label(v.Status, "Rekrutierend")


# Phrases


@pytest.mark.parametrize(
    ("text", "level", "who"),
    [
        ("None (Open Label)", "None (Open Label)", []),
        ("Double (Participant, Investigator)", "Double", ["Participant", "Investigator"]),
        ("Single (Outcomes Assessor)", "Single", ["Outcomes Assessor"]),
        ("Double", "Double", []),
        ("Double Blind (Subject, Investigator)", "Double Blind", ["Subject", "Investigator"]),
        ("Double (Participant", "Double (Participant", []),
    ],
)
def test_masking(text: str, level: str, who: list[str]) -> None:
    assert split_masking(text) == (level, who)


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("Phase 1 Phase 2", ["Phase 1", "Phase 2"]),
        ("Phase 1/Phase 2", ["Phase 1", "Phase 2"]),
        ("Phase 2, Phase 3", ["Phase 2", "Phase 3"]),
        ("Early Phase 1", ["Early Phase 1"]),
        ("Not Applicable", ["Not Applicable"]),
        ("N/A", ["Not Applicable"]),
        ("Phase 2 and more", ["Phase 2 and more"]),
        ("Phase 11", ["Phase 11"]),
    ],
)
def test_phases_are_split_where_all_of_them_are_known(text: str, phases: list[str]) -> None:
    assert split_phases(text) == phases


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Drug: aspirin", "Drug", "aspirin"),
        ("Dietary Supplement: Vitamin D: high dose", "Dietary Supplement", "Vitamin D: high dose"),
        ("Combination Product: A + B", "Combination Product", "A + B"),
        ("aspirin", None, "aspirin"),
        ("Potion: of youth", None, "Potion: of youth"),
        ("Drug:", None, "Drug:"),
    ],
)
def test_an_intervention_is_type_and_name(text: str, kind: str | None, name: str) -> None:
    assert split_intervention(text) == (kind, name)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Drug: A Device: B", ["Drug: A", "Device: B"]),
        ("Drug: A", ["Drug: A"]),
        ("Drug: A and Drug:B", ["Drug: A and Drug:B"]),
        ("", []),
    ],
)
def test_interventions_that_lost_their_borders_are_split_before_each_type(text: str, parts: list[str]) -> None:
    assert split_interventions(text) == parts


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("Experimental: High dose", "Experimental", "High dose"),
        ("Active Comparator: Iron: usual dose", "Active Comparator", "Iron: usual dose"),
        ("Cohort 1: adults", None, "Cohort 1: adults"),
        ("Other: Biopsy", "Other", "Biopsy"),
    ],
)
def test_an_arm_is_type_and_label(text: str, kind: str | None, label: str) -> None:
    assert split_arm(text) == (kind, label)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Survival [ Time Frame: 2 years ]", OutcomeLine("Survival", "2 years", "")),
        ("Survival [ Time Frame: 2 years ] in all", OutcomeLine("Survival", "2 years", "in all")),
        (
            "Recovery [ Time Frame: step 2 ] [ Time Frame: 24 months ]",
            OutcomeLine("Recovery [ Time Frame: step 2 ]", "24 months", ""),
        ),
        ("Level [µg/L] [ Time Frame: day 1 [fasting] ]", OutcomeLine("Level [µg/L]", "day 1 [fasting]", "")),
        ("Survival", OutcomeLine("Survival", None, "")),
        ("Survival [ Time Frame: 2 years", OutcomeLine("Survival [ Time Frame: 2 years", None, "")),
        ("Survival [ Time Frame: ]", OutcomeLine("Survival", None, "")),
    ],
)
def test_an_outcome_ends_with_its_last_time_frame(text: str, line: OutcomeLine) -> None:
    assert split_outcome(text) == line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("62A15 ( Other Identifier: NCI )", ("62A15", "Other Identifier", "NCI")),
        ("R01DK1 ( U.S. NIH Grant/Contract )", ("R01DK1", "U.S. NIH Grant/Contract", None)),
        ("2013-1 ( EudraCT Number )", ("2013-1", "EudraCT Number", None)),
        ("A(1) (b: c) ( Other Identifier: D (E) )", ("A(1) (b: c)", "Other Identifier", "D (E)")),
        ("X ( New Kind: Y )", ("X", "New Kind", "Y")),
        ("BKCR-1.0(2010)", ("BKCR-1.0(2010)", None, None)),
        ("plain", ("plain", None, None)),
    ],
)
def test_a_secondary_id_has_type_and_domain(text: str, parts: tuple[str, str | None, str | None]) -> None:
    assert split_secondary_id(text) == parts


WORD = st.text(st.characters(min_codepoint=48, max_codepoint=122, categories=["Lu", "Ll", "Nd"]), min_size=1)


@given(WORD, st.sampled_from(list(v.SecondaryIdType)), st.none() | WORD)
def test_every_secondary_id_reads_back(number: str, kind: v.SecondaryIdType, domain: str | None) -> None:
    inside = kind.label if domain is None else f"{kind.label}: {domain}"
    assert split_secondary_id(f"{number} ( {inside} )") == (number, kind.label, domain)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Completed", StatusLine("Completed")),
        ("Active, not recruiting", StatusLine("Active, not recruiting")),
        ("Terminated (Slow accrual)", StatusLine("Terminated", reason="Slow accrual")),
        ("Withdrawn (No funds (again).)", StatusLine("Withdrawn", reason="No funds (again).")),
        ("Suspended ()", StatusLine("Suspended")),
        ("Suspended (unclosed", StatusLine("Suspended (unclosed")),
        (
            "Unknown Verified November 2012 by Some Company, Ltd.. Recruitment status was: Recruiting",
            StatusLine("Unknown", verified="November 2012", verified_by="Some Company, Ltd.", last_known="Recruiting"),
        ),
        (
            "Unknown Verified May 2014 by A, B. Recruitment status was : Active, not recruiting",
            StatusLine("Unknown", verified="May 2014", verified_by="A, B", last_known="Active, not recruiting"),
        ),
        ("Unknown Recruitment status was: Recruiting", StatusLine("Unknown", last_known="Recruiting")),
        ("Unknown  Verified\nMay 2014 by", StatusLine("Unknown Verified May 2014 by")),
    ],
)
def test_a_status_with_what_stands_beside_it(text: str, line: StatusLine) -> None:
    assert split_status(text) == line


# People and places


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Jane Roe, MD 555-0100 ext 12 jane@example.org",
            ContactLine("Jane Roe, MD", "555-0100", "12", "jane@example.org"),
        ),
        ("Jane Roe 1-800-555-0100", ContactLine("Jane Roe", "1-800-555-0100", None, None)),
        ("Jane Roe (612) 555-0100 x4", ContactLine("Jane Roe", "(612) 555-0100", "4", None)),
        ("Jane Roe +358 3 555 0139 j@example.org", ContactLine("Jane Roe", "+358 3 555 0139", None, "j@example.org")),
        ("Jane Roe j.roe@mail.example.co.uk", ContactLine("Jane Roe", None, None, "j.roe@mail.example.co.uk")),
        ("Jane Roe", ContactLine("Jane Roe", None, None, None)),
        ("j@example.org", ContactLine(None, None, None, "j@example.org")),
        ("Ward 12", ContactLine("Ward 12", None, None, None)),
        ("", ContactLine(None, None, None, None)),
    ],
)
def test_a_contact_is_read_from_the_right(text: str, line: ContactLine) -> None:
    assert split_contact(text) == line


NAME = st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True)
PHONE = st.from_regex(r"[0-9]{3}-555-[0-9]{4}", fullmatch=True)
EMAIL = st.from_regex(r"[a-z]{1,8}@example\.(org|com)", fullmatch=True)


@given(NAME, st.none() | PHONE, st.none() | st.integers(1, 99999).map(str), st.none() | EMAIL)
def test_every_contact_reads_back(name: str, phone: str | None, ext: str | None, email: str | None) -> None:
    ext = ext if phone else None
    text = " ".join(filter(None, [name, phone, f"ext {ext}" if ext else None, email]))
    assert split_contact(text) == ContactLine(name, phone, ext, email)


@pytest.mark.parametrize(
    ("text", "group", "address"),
    [
        ("Nanjing, Jiangsu, China", "China, Jiangsu", Address("Nanjing", "Jiangsu", None, "China")),
        ("Nanjing, Jiangsu, China, 210008", "China, Jiangsu", Address("Nanjing", "Jiangsu", "210008", "China")),
        ("Tampere, Finland, 33520", "Finland", Address("Tampere", None, "33520", "Finland")),
        ("Seoul, Korea, Republic of", "Korea, Republic of", Address("Seoul", None, None, "Korea, Republic of")),
        (
            "New York, New York, United States, 10029",
            "United States, New York",
            Address("New York", "New York", "10029", "United States"),
        ),
        ("Singapore, Singapore", "Singapore", Address("Singapore", None, None, "Singapore")),
        ("Finland", "Finland", Address(None, None, None, "Finland")),
        ("Oslo, Norway", "Sweden", None),
        ("", "Sweden", None),
        ("Oslo, Norway", "", None),
    ],
)
def test_an_address_is_told_apart_by_its_heading(text: str, group: str, address: Address | None) -> None:
    assert split_address(text, group) == address


PLACE = st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True)


@given(
    st.lists(PLACE, min_size=3, max_size=3, unique=True),
    st.booleans(),
    st.none() | st.integers(1000, 99999).map(str),
)
def test_every_address_reads_back(names: list[str], has_state: bool, code: str | None) -> None:
    city, state, country = names
    shown = [city, *([state] if has_state else []), country, *([code] if code else [])]
    heading = f"{country}, {state}" if has_state else country
    expected = Address(city, state if has_state else None, code, country)
    assert split_address(", ".join(shown), heading) == expected


# Whatever comes


@given(st.text(max_size=200))
def test_parsers_refuse_with_value_errors_only(text: str) -> None:
    for parser in PARSERS:
        try:
            parser(text)
        except ValueError as error:
            assert str(error)


@given(st.text(max_size=200))
def test_splitters_take_any_text(text: str) -> None:
    for splitter in SPLITTERS:
        splitter(text)


HOSTILE = (
    " ",
    "(",
    ")",
    "1 ",
    "a@",
    "a.",
    "a,",
    "( a: ",
    "[ Time Frame: ",
    "Drug: ",
    "Phase 1 ",
    "Verified May 2012 by ",
    "x Recruitment status was: ",
    "1,111",
    "-",
    "Other Identifier: (",
    "18 Years to ",
    "Child, ",
)


@pytest.mark.parametrize("splitter", [*SPLITTERS, *PARSERS])
def test_a_long_hostile_text_takes_no_longer_than_its_length_deserves(splitter: Callable[[str], Any]) -> None:
    for piece in HOSTILE:
        text = piece * (100_000 // len(piece)) + "\u00e9"
        start = time.process_time()
        with contextlib.suppress(ValueError):
            splitter(text)
        assert time.process_time() - start < 1.0, f"{piece!r} over and over"
