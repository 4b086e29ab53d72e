"""People, places, publications and shared data of a study.

Responsible for the last three modules of the protocol section.
"""

from pydantic import StrictFloat

from ctgov_ingest.study.base import Markup, Open, Record
from ctgov_ingest.study.vocabularies import (
    ContactRole,
    IpdSharing,
    IpdSharingInfoType,
    OfficialRole,
    RecruitmentStatus,
    ReferenceType,
)


class Contact(Record):
    """Someone to ask about taking part, for the study or at one site."""

    name: str | None = None
    """Name, often with degrees."""
    role: Open[ContactRole] | None = None
    """Contact or, at a site, an investigator."""
    phone: str | None = None
    """Telephone number as written."""
    phone_ext: str | None = None
    """Extension of the telephone number."""
    email: str | None = None
    """E-mail address."""


class Official(Record):
    """Someone who answers for the science of the study."""

    name: str | None = None
    """Name, often with degrees."""
    affiliation: str | None = None
    """Where the person works."""
    role: Open[OfficialRole] | None = None
    """Chair, director or investigator."""


class GeoPoint(Record):
    """A place on the globe, as the registry looked it up: of the town rather than of the house."""

    lat: StrictFloat | None = None
    """Latitude in degrees, north positive."""
    lon: StrictFloat | None = None
    """Longitude in degrees, east positive."""


class Location(Record):
    """A site where the study takes place."""

    facility: str | None = None
    """Name of the site."""
    status: Open[RecruitmentStatus] | None = None
    """Where this site stands; mostly given only while the study recruits."""
    city: str | None = None
    """Town."""
    state: str | None = None
    """State or province."""
    zip: str | None = None
    """Postal code."""
    country: str | None = None
    """Country by name."""
    country_code: str | None = None
    """Country by code; in an older form of the API only."""
    contacts: tuple[Contact, ...] | None = None
    """Contacts and investigators of this site."""
    geo_point: GeoPoint | None = None
    """Where the town lies."""


class ContactsLocationsModule(Record):
    """People and sites."""

    central_contacts: tuple[Contact, ...] | None = None
    """Whom to ask about the study as a whole."""
    overall_officials: tuple[Official, ...] | None = None
    """Who answers for the science."""
    locations: tuple[Location, ...] | None = None
    """The sites."""


class Retraction(Record):
    """A notice that a publication was withdrawn."""

    pmid: str | None = None
    """PubMed id of the notice."""
    source: str | None = None
    """Where the notice appeared."""


class Reference(Record):
    """A publication about the study or its background."""

    pmid: str | None = None
    """PubMed id, digits only."""
    type: Open[ReferenceType] | None = None
    """How it relates to the study; `DERIVED` was linked by the registry, not by the sponsor."""
    citation: str | None = None
    """Authors, title and journal in one text."""
    retractions: tuple[Retraction, ...] | None = None
    """Notices that it was withdrawn."""


class SeeAlsoLink(Record):
    """A web page about the study."""

    label: Markup | None = None
    """What the link shows."""
    url: str | None = None
    """Its address."""


class AvailIpd(Record):
    """A data set or document of the study that can be had."""

    id: str | None = None
    """Its id where it is kept."""
    type: str | None = None
    """What it is, in free text."""
    url: str | None = None
    """Where it is kept."""
    comment: Markup | None = None
    """How to get it."""


class ReferencesModule(Record):
    """Publications, links and available data."""

    references: tuple[Reference, ...] | None = None
    """Publications."""
    see_also_links: tuple[SeeAlsoLink, ...] | None = None
    """Web pages."""
    avail_ipds: tuple[AvailIpd, ...] | None = None
    """Data sets and documents."""


class IpdSharingStatementModule(Record):
    """The plan to share data of individual participants (IPD)."""

    ipd_sharing: Open[IpdSharing] | None = None
    """Whether there is such a plan."""
    description: Markup | None = None
    """Which data, or why not."""
    info_types: tuple[Open[IpdSharingInfoType], ...] | None = None
    """Documents that go with the data."""
    time_frame: Markup | None = None
    """From when and for how long."""
    access_criteria: Markup | None = None
    """Who may have the data, and how."""
    url: str | None = None
    """Page about the plan."""
