"""What pysys costs, compared with what it replaces, in one run: `python -m benchmarks`.

`measure` runs contenders in turns; `calls`, `creation`, `spawning`, `startup` and `reference` are the
figures; `beside` runs contenders in separate processes, in C or of another size; `machine` describes what
they were measured on; `table` shows them.
"""
