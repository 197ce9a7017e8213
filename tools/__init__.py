"""What generates, checks and records, run in the project's folder: `python -m tools.generate`.

`generate` writes what is made from the kernel's source and from the package; `check` holds the package, its
tables, its flags and its C code to what they should be; `record_examples` records what the pages show; `soak`
makes very many processes; `kernel_source` fetches Linux.
"""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
