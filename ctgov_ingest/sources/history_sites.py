"""The sites of a version on the registry's history pages: rows in the page's order, told by their lines."""

from __future__ import annotations

import re

from ctgov_ingest.sources.content import Content, lines
from ctgov_ingest.sources.record import RawRecord, RawTree, group
from ctgov_ingest.sources.study_places import SITES
from ctgov_ingest.study.vocabularies import RecruitmentStatus
from ctgov_ingest.values.labels import spellings
from ctgov_ingest.values.people import split_address

_STATUS = re.compile(r"(?P<name>.*?)\s*\[(?P<status>[^\[\]]{4,60})\]")


class SiteList:
    """Collects the sites: a row of one line is a heading (`United Kingdom, Devon`), any other a site."""

    def __init__(self, record: RawRecord) -> None:
        self.record = record
        self.heading = ""
        self.sites: list[RawTree] = []

    def add(self, value: Content, place: str) -> None:
        """Read a row: the facility, with its status in brackets, then its address."""
        texts = lines(value)
        if len(texts) < 2:
            self.heading = texts[0] if texts else self.heading
            return
        facility, *more = texts
        found = _STATUS.fullmatch(facility)
        known = found is not None and found["status"].casefold() in spellings(RecruitmentStatus)
        name, status = (found["name"], found["status"]) if found and known else (facility, "")
        site = group({"facility": name, "status": status}, place)
        for text in more:
            address = None if "country" in site else split_address(text, self.heading)
            if address:
                parts = {"city": address.city, "state": address.state, "zip": address.zip, "country": address.country}
                site |= group(parts, place)
            else:
                self.record.leave(text, place, "Locations")
        self.sites.append(site)

    def finish(self) -> None:
        """Put the sites. Where no site has a status, the page shows none."""
        self.record.put_all(SITES, self.sites)
        if not any("status" in site for site in self.sites):
            self.record.hide(f"{SITES}.status")
