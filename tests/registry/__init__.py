"""The registry on loopback: a world of studies that moves from day to day, served over HTTP with its traps and faults.

`README.md` beside this says how to use it.
"""

from .content import Content
from .day import Day, Event
from .faults import FAULTS, UNRESOLVABLE, Fault, Faults, refusing
from .generate import Pace
from .log import Entry, Log
from .search import found
from .server import Registry
from .world import Held, Truth, Version, World

__all__ = [
    "FAULTS",
    "UNRESOLVABLE",
    "Content",
    "Day",
    "Entry",
    "Event",
    "Fault",
    "Faults",
    "Held",
    "Log",
    "Pace",
    "Registry",
    "Truth",
    "Version",
    "World",
    "found",
    "refusing",
]
