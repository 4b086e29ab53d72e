"""How the items of each list look alike: the table by which `likeness.py` goes.

Lists that are not here have no likeness: their items are what their identity says, or others.
"""

from __future__ import annotations

from typing import Final, NamedTuple

EXTRA: Final = 0.15
"""What a word costs that only the longer text has, beside one that only the shorter one has."""


class Looks(NamedTuple):
    """How the items of a list look alike.

    `leading`: the field whose words tell; the item itself, where it is a text. `least`: so many telling words must be
    shared, where one side has more. `support`: other fields that may speak for a likeness, and their weight.
    `within`: fields that must be equal. `names`: a list of other names for the same. `structure`: where the leading
    text says nothing (`1`, `Arm A`, `Research Site`), fields that tell in its stead, if the first of them is filled;
    the surest first. `spelt`: where these are equal, another spelling is the same (`SPELLING`). `unlike`: fields that
    tell items apart where both have them. `extra`: what a word costs that only the longer text has. `is_given`: what
    participants get, of which a placebo, one more component or another time make something else. `is_ordered`: the
    order of the words tells (Drug, then Placebo).
    """

    leading: str = ""
    least: int = 1
    support: tuple[tuple[str, float], ...] = ()
    within: tuple[str, ...] = ()
    names: str | None = None
    structure: tuple[tuple[str, ...], ...] = ()
    spelt: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    extra: float = EXTRA
    is_given: bool = False
    is_ordered: bool = False


_OUTCOME = Looks("measure", least=2, support=(("description", 0.15), ("timeFrame", 0.1)))
_PERSON = Looks("name", within=("role",))

LOOKS: Final[dict[str, Looks]] = {
    "primaryOutcomes": _OUTCOME,
    "secondaryOutcomes": _OUTCOME,
    "otherOutcomes": _OUTCOME,
    "armGroups": Looks(
        "label",
        least=2,
        support=(("description", 0.25),),
        within=("type",),
        structure=(("interventionNames", "type"), ("type",)),
        is_given=True,
        is_ordered=True,
    ),
    "armGroupLabels": Looks(least=2, is_given=True, is_ordered=True),
    "interventions": Looks("name", support=(("description", 0.25),), names="otherNames", is_given=True),
    "interventionNames": Looks(is_given=True),
    "locations": Looks("facility", within=("city", "country"), structure=(("zip",),), spelt=("zip",), unlike=("zip",)),
    "centralContacts": _PERSON,
    "contacts": _PERSON,
    "overallOfficials": _PERSON,
    "references": Looks("citation", extra=0.05),  # a title alone that gets its authors and journal
    "outcomeMeasures": Looks("title", least=2, support=_OUTCOME.support, within=("type",)),
    "measures": Looks("title", least=2),
}
