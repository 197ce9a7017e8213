"""What pysys costs, side by side with what it replaces, in one run: `python -m benchmarks`.

`measure` runs contenders in turns; `calls`, `creation`, `spawning` and `startup` are the figures; `beside`
runs contenders that are processes of their own, in C or of another size; `machine` names what they were
measured on; `table` shows them.
"""
