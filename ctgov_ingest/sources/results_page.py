from ctgov_ingest.sources.record import RawRecord
def read(text, era): return RawRecord()
def carried(era): return frozenset()
