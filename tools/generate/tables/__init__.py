"""Builds src/pysys/tables from a kernel source tree and from the facts in data/.

A module for each job: source (reading the tree), numbers, signatures, layouts, values, constants, ioctls,
facts (data/), emit (writing modules). A line that they cannot read is a SourceError, never a guess.
"""
