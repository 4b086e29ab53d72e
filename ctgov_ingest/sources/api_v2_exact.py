"""Records of API v2 that need no reading: those that hold just what the model knows.

Whoever only stores records needs no `Study` of them. By far the most have nothing to remark, which `study.exact` tells
of their bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from ctgov_ingest.study.exact import exact
from ctgov_ingest.values.phrases import NCT_ID


@dataclass(frozen=True, slots=True)
class Exact:
    """A whole record with nothing to remark. `document`: its content; `retrieved`: the day of the data set."""

    nct_id: str
    retrieved: str
    document: dict[str, Any]


def read_exact(data: bytes) -> Exact | None:
    """Read the bytes of one study that is whole and just as the model has it; None where `api_v2` has more to tell."""
    if exact(data) is None:
        return None
    try:
        document = orjson.loads(data)
        nct_id = document["protocolSection"]["identificationModule"]["nctId"]
        retrieved = document["derivedSection"]["miscInfoModule"]["versionHolder"]
        is_whole = None not in (nct_id, retrieved, document["hasResults"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return Exact(nct_id, retrieved, document) if is_whole and NCT_ID.fullmatch(nct_id) else None
