"""The schema of the store: commented tables and views, as a list of migrations that only grows.

The file says what it is: `application_id` is ours, `user_version` counts the migrations that it has been through. A
file of a newer program has a higher number, and is refused in words.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x4354_4749
"""CTGI."""

SCHEMA_VERSION = 2
"""How many migrations a store of this program has been through."""

PAGE_SIZE = 16_384
"""Bytes. Rows hold whole records; measured a third faster than 4 KiB pages."""

migrations = Migrations("ctgov-ingest")

_FIRST = """
-- What came in: a row a record and day. The bytes as they came (zstd), for pages also what was read (zstd JSON).
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    presentation TEXT NOT NULL,      -- api-v2, study-page, page-text
    reader TEXT NOT NULL,            -- version of the source's code that read it last
    source TEXT NOT NULL,            -- path, with ::member in a zip and #n in a list
    taken_at TEXT NOT NULL,          -- when it came in (UTC)
    registry_date TEXT,              -- the registry's date of the record: its last update posted
    submitted TEXT,                  -- the day on which the sponsor handed that update in, where the record says it
    stood_on TEXT NOT NULL,          -- the day on which the content stood so, or the earliest on which it can have
    seen TEXT NOT NULL,              -- the day of the registry's data set or page, else the day it came in
    content_hash TEXT NOT NULL,      -- of the content without the data set's stamp
    sha256 BLOB NOT NULL,            -- of the bytes
    rank INTEGER NOT NULL,           -- how much its presentation can say
    carried INTEGER REFERENCES carried (id),  -- what its presentation can show; NULL is everything
    version INTEGER,                 -- the version that it belongs to
    raw BLOB,                        -- NULL where only the stamp differs from another capture's bytes:
    raw_of INTEGER REFERENCES captures (id),  -- that one
    document BLOB,                   -- what was read, where that is not the bytes themselves
    run INTEGER REFERENCES runs (id)
) STRICT;
CREATE UNIQUE INDEX captures_bytes ON captures (nct_id, sha256);
CREATE INDEX captures_reader ON captures (presentation, reader);

-- Sets of paths that presentations can show.
CREATE TABLE carried (id INTEGER PRIMARY KEY, paths TEXT NOT NULL UNIQUE) STRICT;

-- A study's versions in the registry's order; each is a run of captures that say the same.
CREATE TABLE versions (
    nct_id TEXT NOT NULL,
    version INTEGER NOT NULL,        -- 1 is the earliest that is held
    registry_date TEXT,
    stood_from TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    presentation TEXT NOT NULL,      -- of the capture that says most; its content stands for the version
    capture INTEGER NOT NULL REFERENCES captures (id),
    content_hash TEXT NOT NULL,
    overall_status TEXT,
    kinds TEXT NOT NULL,             -- JSON list: what kinds of change made it
    witnesses TEXT NOT NULL,         -- JSON list of captures: the first of each presentation
    last_capture INTEGER NOT NULL REFERENCES captures (id)
) STRICT;
CREATE UNIQUE INDEX versions_place ON versions (nct_id, version);

-- Versions that a list of the registry or its archive tells of, whether they are held or not.
CREATE TABLE listed_versions (
    nct_id TEXT NOT NULL,
    presentation TEXT NOT NULL,      -- of the list
    place INTEGER NOT NULL,          -- in the list, the oldest is 0
    number INTEGER,                  -- as the registry counts, from 0; NULL where the list has no numbers
    date TEXT NOT NULL,              -- the day of the version, in most lists that on which it was handed in
    status TEXT,
    modules TEXT NOT NULL,           -- JSON list: what changed, in the list's words
    raw TEXT NOT NULL,               -- the row as it stood
    list INTEGER NOT NULL REFERENCES lists (id)
) STRICT;
CREATE UNIQUE INDEX listed_versions_place ON listed_versions (nct_id, presentation, place);

-- Lists of versions as they came in; the latest of each presentation is the one whose rows are told.
CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    presentation TEXT NOT NULL,
    reader TEXT NOT NULL,
    source TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    raw BLOB NOT NULL,               -- zstd
    issues TEXT NOT NULL,            -- JSON: what users should know of how it was read
    run INTEGER REFERENCES runs (id)
) STRICT;
CREATE UNIQUE INDEX lists_bytes ON lists (nct_id, presentation, sha256);

-- The latest version of each study, for SQL and Datasette; `study` is JSON with the API's names.
CREATE TABLE studies (
    nct_id TEXT PRIMARY KEY,
    brief_title TEXT,
    overall_status TEXT,
    last_known_status TEXT,
    why_stopped TEXT,
    study_type TEXT,
    phases TEXT,                     -- JSON list
    conditions TEXT,                 -- JSON list
    enrollment INTEGER,
    enrollment_type TEXT,
    lead_sponsor TEXT,
    start_date TEXT,                 -- dates keep their precision: 2012, 2012-11, 2012-11-28
    primary_completion_date TEXT,
    completion_date TEXT,
    first_posted TEXT,
    last_update_posted TEXT,
    status_verified TEXT,
    has_results INTEGER,             -- 0 or 1
    version INTEGER NOT NULL,
    presentation TEXT NOT NULL,
    first_seen TEXT NOT NULL,        -- of the study
    last_seen TEXT NOT NULL,
    study TEXT NOT NULL
) STRICT;
CREATE INDEX studies_status ON studies (overall_status);

-- The change log: what each version changed against the one before it.
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    registry_date TEXT,
    seen_at TEXT NOT NULL,
    path TEXT NOT NULL,
    op TEXT NOT NULL,                -- added, removed, changed
    old TEXT,                        -- JSON
    new TEXT,                        -- JSON
    kind TEXT NOT NULL,              -- status, dates, enrollment, outcomes, eligibility, arms, sites, contacts, …
    by TEXT NOT NULL                 -- sponsor, or registry: the registry's own doing
) STRICT;
CREATE INDEX changes_place ON changes (nct_id, version);
CREATE INDEX changes_seen ON changes (seen_at, kind);

-- What users of a record should know about how it was read; `unread` is text that no rule knows.
CREATE TABLE issues (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    capture INTEGER NOT NULL REFERENCES captures (id),
    code TEXT NOT NULL,
    path TEXT,
    raw TEXT,
    place TEXT,
    message TEXT NOT NULL
) STRICT;
CREATE INDEX issues_capture ON issues (capture);

-- Each run of the program that wrote, and what it could not read.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,                      -- NULL: still running, or killed
    counts TEXT                      -- JSON
) STRICT;
CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    source TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;

-- Versions with what people ask for beside them.
CREATE VIEW version_detail AS
    SELECT v.nct_id, s.brief_title, v.version, v.version = s.version AS is_latest, v.registry_date, v.first_seen,
           v.last_seen, v.presentation, v.overall_status, v.kinds, c.source
    FROM versions v JOIN studies s USING (nct_id) JOIN captures c ON c.id = v.capture;

-- Changes with the study's title and today's status.
CREATE VIEW change_log AS
    SELECT c.nct_id, s.brief_title, s.overall_status, c.version, c.registry_date, c.seen_at, c.kind, c.by, c.op, c.path,
           c.old, c.new
    FROM changes c JOIN studies s USING (nct_id);

-- Changes of status as words, with who made them.
CREATE VIEW status_changes AS
    SELECT c.nct_id, s.brief_title, c.version, c.registry_date, c.seen_at, json_extract(c.old, '$') AS old_status,
           json_extract(c.new, '$') AS new_status, c.by
    FROM changes c JOIN studies s USING (nct_id)
    WHERE c.path = 'protocolSection.statusModule.overallStatus';

-- Issues with the source of their capture.
CREATE VIEW issue_detail AS
    SELECT i.nct_id, i.code, i.path, i.raw, i.message, i.place, c.presentation, c.source
    FROM issues i JOIN captures c ON c.id = i.capture;
"""


_SECOND = """
-- What is followed: a study, a search, or the whole registry.
CREATE TABLE watches (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,              -- study, search, all
    what TEXT NOT NULL,              -- the NCT id, or the search as JSON; empty for the whole registry
    added TEXT NOT NULL,
    dataset TEXT                     -- the data set of the registry with which all of it was last held
) STRICT;
CREATE UNIQUE INDEX watches_what ON watches (kind, what);

-- Studies that a search has matched. They are followed on when they match no more: that is often the news.
CREATE TABLE watched_studies (
    watch INTEGER NOT NULL REFERENCES watches (id),
    nct_id TEXT NOT NULL,
    since TEXT NOT NULL,             -- the day of the data set in which it first matched
    until TEXT                       -- the day of the first in which it no longer did; NULL while it does
) STRICT;
CREATE UNIQUE INDEX watched_studies_place ON watched_studies (watch, nct_id);

-- Studies that the registry does not show, or shows under another id: in its own words, never guessed.
CREATE TABLE absences (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    kind TEXT NOT NULL,              -- gone, or alias: shown under another id
    shown_as TEXT,                   -- that id
    since TEXT NOT NULL,             -- the day of the data set in which it was first found so
    until TEXT,                      -- the day of the first in which it was back; NULL while it is not
    words TEXT NOT NULL,             -- what the registry answered
    run INTEGER REFERENCES runs (id),       -- that found it so
    ended_run INTEGER REFERENCES runs (id)  -- that found it back
) STRICT;
CREATE INDEX absences_place ON absences (nct_id, since);

-- Addresses whose content never changes (a version in the record history, a page of an archive) and was got.
CREATE TABLE fetched (
    url TEXT PRIMARY KEY,
    nct_id TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    outcome TEXT NOT NULL,           -- stored, or why nothing was
    run INTEGER REFERENCES runs (id)
) STRICT;

-- Of a run: the program's number on its machine; the registry's data set that it has seen whole; requests sent; bytes
-- received, as they came over the wire; its exit code; why it ended before its end; 1 where a digest tells its news.
ALTER TABLE runs ADD COLUMN pid INTEGER;
ALTER TABLE runs ADD COLUMN dataset TEXT;
ALTER TABLE runs ADD COLUMN requests INTEGER;
ALTER TABLE runs ADD COLUMN bytes INTEGER;
ALTER TABLE runs ADD COLUMN exit_code INTEGER;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN told INTEGER;
CREATE INDEX captures_run ON captures (run);

-- Runs with how they went; one that neither ended nor holds the lock was killed.
CREATE VIEW run_log AS
    SELECT id, command, started, ended, exit_code, dataset, requests, bytes, counts, note,
           (SELECT count(*) FROM failures f WHERE f.run = r.id) AS failed
    FROM runs r;

-- Runs of sync whose news are in no digest yet, and the versions that they brought: those of which nothing came before.
CREATE VIEW untold_runs AS SELECT id FROM runs WHERE command = 'sync' AND told IS NULL;
CREATE VIEW untold_versions AS
    WITH untold AS (SELECT id FROM untold_runs),
         touched AS (SELECT DISTINCT nct_id FROM captures WHERE run IN untold)
    SELECT c.nct_id, c.version FROM captures c JOIN touched USING (nct_id)
    GROUP BY c.nct_id, c.version HAVING min(coalesce(c.run IN untold, 0)) = 1;

-- Studies that the registry does not show today.
CREATE VIEW absent_studies AS
    SELECT a.nct_id, s.brief_title, s.overall_status, a.kind, a.shown_as, a.since, a.words
    FROM absences a LEFT JOIN studies s USING (nct_id) WHERE a.until IS NULL;
"""


@migrations()
def first(db: Database) -> None:
    """Captures, versions, studies, changes, issues, runs, and views that spare people the joins."""
    _run(db, _FIRST)


@migrations()
def second(db: Database) -> None:
    """What is followed, what the registry does not show, what was fetched; what runs cost."""
    _run(db, _SECOND)


def _run(db: Database, script: str) -> None:
    """Run the statements one by one: a whole script would end the transaction that they belong to."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
