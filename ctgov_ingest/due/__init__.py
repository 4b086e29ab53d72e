"""What is due of a study by a day: a turn to UNKNOWN, results, an update after its completion.

    for one in due(document, on=date(2026, 3, 1), within=30):
        one.kind, one.earliest, one.latest, one.state, one.data

`RULES` is the table: what each kind means, where its rule comes from, and what it cannot know. Pure: documents and a
day in, values out; nothing is asked of a clock.
"""

from ctgov_ingest.due.due import Due, State, due
from ctgov_ingest.due.rules import RULES, Rule

__all__ = ["RULES", "Due", "Rule", "State", "due"]
