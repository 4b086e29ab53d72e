"""One text in, one value out: what pages and files write, to what the model holds. No input or output, no
source names.
"""
