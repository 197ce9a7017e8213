"""Builds src/pysys/tables from a kernel source tree and from the facts in data/.

One module a job: source (reading the tree), numbers, signatures, layouts, errnos, facts (data/),
emit (writing modules). A line that nobody taught them to read is a SourceError, never a guess.
"""
