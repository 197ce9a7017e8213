"""What is made from the kernel's source, from facts and from the package: `python -m tools.generate`.

`tables` makes src/pysys/tables, `flags_index` what pysys.flags finds its names by, `stubs` the types of calls
and, with `structure_stubs`, of structures, with `answers`, of what commands answer, `ioctl_stubs` the requests, `export_schema` describes
what `pysys export` prints.
"""

COMMAND = "python -m tools.generate"
