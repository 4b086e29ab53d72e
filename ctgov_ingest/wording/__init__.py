"""Words for people: values, paths and differences as text, without what a terminal would act on."""

from ctgov_ingest.wording.plain import one_line, plain, plain_json
from ctgov_ingest.wording.values import VALUE, apart, around, counted, cut, differing, first, in_words, short_path

__all__ = [
    "VALUE",
    "apart",
    "around",
    "counted",
    "cut",
    "differing",
    "first",
    "in_words",
    "one_line",
    "plain",
    "plain_json",
    "short_path",
]
