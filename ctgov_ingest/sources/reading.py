"""What a source gives for one record, and what it gives where there was none to be had."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ctgov_ingest import jsontext
from ctgov_ingest.compare.carried import Carried
from ctgov_ingest.errors import CtgovError
from ctgov_ingest.issue import Issue
from ctgov_ingest.sources.record import Unread
from ctgov_ingest.study import Study

Document = dict[str, Any]

_NCT_ID = ("protocolSection", "identificationModule", "nctId")


@dataclass(frozen=True)
class Reading:
    """One record, read.

    `record`: what was read, as plain values with the API's names, or as a `Study` where bytes go straight to one;
    `study` and `document` tell it. `source`: path, with `::member` inside a zip and `#n` inside a list. `raw`: the
    bytes of this record alone. `carried`: the paths that this presentation can show. `retrieved`: the day on which the
    registry served these bytes, where they say so (`yyyy-mm-dd`). `raw_is_document`: the bytes are the record as JSON
    with the API's names. `reader`: version of the source's code; stored records of another are read again. `version`:
    the number in the registry's own history, counted from 0, where the source says it. `registry_date`: the place on
    the registry's time axis (`yyyy-mm-dd`), where the source says it apart from the record's own dates.
    """

    presentation: str
    reader: str
    source: str
    raw: bytes
    record: Study | Document
    carried: Carried = Carried.ALL
    unread: tuple[Unread, ...] = ()
    issues: tuple[Issue, ...] = ()
    retrieved: str | None = None
    raw_is_document: bool = False
    version: int | None = None
    registry_date: str | None = None

    @cached_property
    def study(self) -> Study:
        """The record as a study: built when it is first asked for, since whoever stores records needs none."""
        return self.record if isinstance(self.record, Study) else Study.model_validate(self.record)

    @property
    def nct_id(self) -> str:
        """The registry's number; a reading always has one."""
        study = self.record
        nct_id = study.nct_id if isinstance(study, Study) else jsontext.value_at(study, _NCT_ID)
        if not isinstance(nct_id, str):
            raise ValueError("a reading was made of a record without an NCT id")
        return nct_id

    def document(self) -> Document:
        """The record as plain values with the API's names, to be read only; for API records exactly what came in."""
        if self.raw_is_document:
            document: Document = jsontext.loads(self.raw)
            return document
        return self.record.document() if isinstance(self.record, Study) else self.record


@dataclass(frozen=True, slots=True)
class Failure:
    """A record, or a file, that could not be read; or a study that the registry gave no answer for."""

    source: str
    error: CtgovError

    def as_json(self) -> dict[str, Any]:
        """For machines: `source` and `error` with `code` and `message`."""
        error = {"code": self.error.code, "message": str(self.error)}
        return {"source": self.source, "error": error}
