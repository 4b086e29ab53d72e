"""`python -m ctgov_ingest` is the command `ctgov-ingest`."""

from ctgov_ingest.cli import main

main()
