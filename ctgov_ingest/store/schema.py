"""The schema of the store: commented tables and views, as a list of migrations that only grows.

The file says what it is: `application_id` is ours, `user_version` counts the migrations that it has been through. A
file of a newer program has a higher number, and is refused in words.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x4354_4749
"""CTGI."""

SCHEMA_VERSION = 3
"""How many migrations a store of this program has been through."""

PAGE_SIZE = 8_192
"""Bytes. Rows hold whole records: pages of 4 KiB take a sixth more time, those of 16 KiB a tenth more room."""

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


_THIRD = """
-- Of the registry's 600,000 studies a thousand change from one day to the next. That the others were seen again is a
-- number in a narrow row a study, and what is the same for a whole file is a row a file. So `studies` and `versions`
-- become views, which give the day last seen; what else they show stands in `study_rows` and `version_rows`.
DROP VIEW version_detail;
DROP VIEW change_log;
DROP VIEW status_changes;
DROP VIEW absent_studies;
ALTER TABLE studies RENAME TO study_rows;
CREATE TABLE version_rows (
    nct_id TEXT NOT NULL,
    version INTEGER NOT NULL,        -- 1 is the earliest that is held
    registry_date TEXT,
    stood_from TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,         -- when the row was written; `versions` tells of today
    presentation TEXT NOT NULL,      -- of the capture that says most; its content stands for the version
    capture INTEGER NOT NULL REFERENCES captures (id),
    overall_status TEXT,
    kinds TEXT NOT NULL,             -- JSON list: what kinds of change made it
    witnesses TEXT NOT NULL,         -- JSON list of captures: the first of each presentation
    last_capture INTEGER NOT NULL REFERENCES captures (id),
    PRIMARY KEY (nct_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO version_rows SELECT nct_id, version, registry_date, stood_from, first_seen, last_seen, presentation,
    capture, overall_status, kinds, witnesses, last_capture FROM versions ORDER BY nct_id, version;
DROP TABLE versions;

-- Files and addresses that brought records under the stamp of one day, and so told that they still stand.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,               -- of the stamp
    source TEXT NOT NULL,            -- without the place within it; NCT* stands for the id of a study
    taken_at TEXT NOT NULL,
    run INTEGER REFERENCES runs (id),
    before INTEGER REFERENCES deliveries (id)  -- the one in which the same bytes were seen before that
) STRICT;
CREATE INDEX deliveries_place ON deliveries (day, source);

-- In which delivery bytes were seen last. Those before it are found by `before`, down to the capture's own day.
CREATE TABLE sightings (
    study INTEGER NOT NULL,          -- the number in the NCT id
    capture INTEGER NOT NULL REFERENCES captures (id),
    delivery INTEGER NOT NULL,       -- of deliveries
    fingerprint BLOB,                -- of the bytes without the stamp; NULL once anything else came after them
    PRIMARY KEY (study, capture)
) STRICT, WITHOUT ROWID;

-- The bytes of a capture: `raw` is NULL where they are the `study` of `study_rows` just so. Where `base` is set, `raw`
-- is what differs from the bytes of that capture; `height` is how many such steps lead to this one at most.
ALTER TABLE captures ADD COLUMN base INTEGER REFERENCES captures (id);
ALTER TABLE captures ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
DROP INDEX captures_bytes;
CREATE INDEX captures_study ON captures (nct_id);

-- What `compact` learnt of the bytes in this store, to pack them smaller. A packed text names its dictionary's number.
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,              -- of bytes: a presentation, or `document`: what was read of pages
    made TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE VIEW versions AS
    SELECT nct_id, version, registry_date, stood_from, first_seen,
           max(last_seen, coalesce((SELECT d.day FROM sightings g JOIN deliveries d ON d.id = g.delivery
               WHERE g.study = CAST(substr(v.nct_id, 4) AS INTEGER) AND g.capture = v.last_capture), '')) AS last_seen,
           presentation, capture, (SELECT c.content_hash FROM captures c WHERE c.id = v.capture) AS content_hash,
           overall_status, kinds, witnesses, last_capture
    FROM version_rows v;

CREATE VIEW studies AS
    SELECT nct_id, brief_title, overall_status, last_known_status, why_stopped, study_type, phases, conditions,
           enrollment, enrollment_type, lead_sponsor, start_date, primary_completion_date, completion_date,
           first_posted, last_update_posted, status_verified, has_results, version, presentation, first_seen,
           max(last_seen, coalesce((SELECT max(d.day) FROM sightings g JOIN deliveries d ON d.id = g.delivery
               WHERE g.study = CAST(substr(s.nct_id, 4) AS INTEGER)), '')) AS last_seen,
           study
    FROM study_rows s;

-- Every day on which a capture's bytes were seen, its own first.
CREATE VIEW seen_days AS
    WITH RECURSIVE back (delivery, id) AS (
        SELECT id, id FROM deliveries
        UNION ALL SELECT back.delivery, d.before FROM back JOIN deliveries d USING (id) WHERE d.before IS NOT NULL)
    SELECT nct_id, version, id AS capture, seen AS day, source, taken_at, run FROM captures
    UNION ALL
    SELECT c.nct_id, c.version, c.id, d.day, replace(d.source, 'NCT*', c.nct_id), d.taken_at, d.run
    FROM sightings g JOIN captures c ON c.id = g.capture JOIN back USING (delivery) JOIN deliveries d ON d.id = back.id
    WHERE d.day > c.seen;

CREATE VIEW version_detail AS
    SELECT v.nct_id, s.brief_title, v.version, v.version = s.version AS is_latest, v.registry_date, v.first_seen,
           v.last_seen, v.presentation, v.overall_status, v.kinds, c.source
    FROM versions v JOIN study_rows s USING (nct_id) JOIN captures c ON c.id = v.capture;
CREATE VIEW change_log AS
    SELECT c.nct_id, s.brief_title, s.overall_status, c.version, c.registry_date, c.seen_at, c.kind, c.by, c.op, c.path,
           c.old, c.new
    FROM changes c JOIN study_rows s USING (nct_id);
CREATE VIEW status_changes AS
    SELECT c.nct_id, s.brief_title, c.version, c.registry_date, c.seen_at, json_extract(c.old, '$') AS old_status,
           json_extract(c.new, '$') AS new_status, c.by
    FROM changes c JOIN study_rows s USING (nct_id)
    WHERE c.path = 'protocolSection.statusModule.overallStatus';
CREATE VIEW absent_studies AS
    SELECT a.nct_id, s.brief_title, s.overall_status, a.kind, a.shown_as, a.since, a.words
    FROM absences a LEFT JOIN study_rows s USING (nct_id) WHERE a.until IS NULL;
"""


@migrations()
def first(db: Database) -> None:
    """Captures, versions, studies, changes, issues, runs, and views that spare people the joins."""
    _run(db, _FIRST)


@migrations()
def second(db: Database) -> None:
    """What is followed, what the registry does not show, what was fetched; what runs cost."""
    _run(db, _SECOND)


@migrations()
def third(db: Database) -> None:
    """Days on which nothing moved, without a row each; bytes packed against those of their neighbours."""
    _run(db, _THIRD)


def _run(db: Database, script: str) -> None:
    """Run the statements one by one: a whole script would end the transaction that they belong to."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
