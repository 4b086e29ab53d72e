"""Which intervention belongs to which arm: the registry names arms at interventions, and interventions at arms.

The two sides agree but for a few records, in which an intervention names an arm that does not name it (2 of 1,969).
Interventions tell more: two may have one name (in 62 of 1,969 records), labels of arms differ.
"""

from __future__ import annotations

from typing import Any

Link = tuple[int | None, int | None, str | None, str | None]
"""Arm, intervention, label, name."""


def links(study: Any, nct_id: str) -> list[tuple[Any, ...]]:
    """The rows of `arm_group_interventions`, in the order of arms; those that lead to none come last."""
    module = study.protocol_section.arms_interventions_module
    found = list(_of_interventions(module))
    named = {(arm, name) for arm, _, _, name in found}
    found += [link for link in _of_arms(module) if (link[0], _bare(link[3])) not in named]
    return [(nct_id, ordinal, *link) for ordinal, link in enumerate(sorted(found, key=_place), 1)]


def _of_interventions(module: Any) -> list[Link]:
    arms = _places([arm.label for arm in module.arm_groups])
    return [
        (arms.get(label), place, label, intervention.name)
        for place, intervention in enumerate(module.interventions, 1)
        for label in intervention.arm_group_labels
    ]


def _of_arms(module: Any) -> list[Link]:
    """What arms name, as `Drug: Aspirin`."""
    interventions = _places([intervention.name for intervention in module.interventions])
    return [
        (place, interventions.get(_bare(name)), arm.label, _bare(name) if _bare(name) in interventions else name)
        for place, arm in enumerate(module.arm_groups, 1)
        for name in arm.intervention_names
    ]


def _places(names: list[str | None]) -> dict[str | None, int]:
    """The first place of each name, from 1."""
    return {name: place for place, name in reversed(list(enumerate(names, 1)))}


def _bare(name: str | None) -> str | None:
    """The name without its type."""
    return (name and name.partition(": ")[2]) or name


def _place(link: Link) -> tuple[float, float]:
    arm, intervention, _, _ = link
    return arm or float("inf"), intervention or float("inf")
