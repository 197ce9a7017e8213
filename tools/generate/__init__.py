"""What is made from the kernel's source, from facts and from the package: `python -m tools.generate`.

`tables` makes src/pysys/tables, `flags_index` what pysys.flags finds its names by; `stubs` makes the types of
calls, with `answers` for what commands answer, `structure_stubs` those of structures, `ioctl_stubs` those of
requests; `export_schema` describes what `pysys export` prints.
"""

COMMAND = "python -m tools.generate"
