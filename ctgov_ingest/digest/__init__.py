"""What runs of `sync` brought, told to people: most telling first, as text, JSON, mail, feed, and through services.

`digest` makes it out of news; the renderers take it: `text`, `data`, `html`, `feed` and `notify`. Nothing here prints.
"""

from ctgov_ingest.digest.data import as_json
from ctgov_ingest.digest.making import digest
from ctgov_ingest.digest.model import Digest, Failed, Group, Line, RunReport, StudyNews
from ctgov_ingest.digest.text import as_text

__all__ = ["Digest", "Failed", "Group", "Line", "RunReport", "StudyNews", "as_json", "as_text", "digest"]
