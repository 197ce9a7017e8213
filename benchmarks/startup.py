"""What an import costs, and the first page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.measure import Figure, excess, in_turns

# Each costs more than all of pysys, so none may be imported with it.
HEAVY = (
    "dataclasses",
    "pathlib",
    "typing",
    "importlib.resources",
    "json",
    "tomllib",
    "enum",
    "re",
    "inspect",
    "subprocess",
    "contextlib",
)
STATEMENTS = {
    "a bare interpreter": "pass",
    "import subprocess": "import subprocess",
    "import pysys": "import pysys",
    "from pysys import fork": "from pysys import fork",
    "from pysys import spawn": "from pysys import spawn",
    "from pysys import syscall": "from pysys import syscall",
    "import pysys.calls": "import pysys.calls",
    "from pysys import fork, vfork, clone, clone3, spawn, syscall": (
        "from pysys import fork, vfork, clone, clone3, spawn, syscall"
    ),
}
FIRST_PAGE = """
from time import perf_counter
start = perf_counter()
from pysys import metadata
metadata.page("fork")
print(perf_counter() - start)
"""
FIRST_CALL = """
import pysys.calls
from time import perf_counter
start = perf_counter()
pysys.calls.pread64
print(perf_counter() - start)
"""
# Everything that can be imported, with every page: milliseconds, and megabytes that it leaves in memory.
PRELOAD = """
def resident():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
from time import perf_counter
before, start = resident(), perf_counter()
from pysys import preload
preload()
print((perf_counter() - start) * 1e3)
print((resident() - before) / 1024)
"""
# Half of what importing everything took when these targets were set: 400 ms, and 15.6 MB with 25 pages.
PRELOAD_TARGETS = (200.0, 7.8)
# Of what `import subprocess` takes.
TARGETS = {
    "import pysys.calls": 0.25,
    "from pysys import fork, vfork, clone, clone3, spawn, syscall": 0.30,
}


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True
    ).stdout


def _run(statement: str) -> Callable[[], float]:
    def sample() -> float:
        start = perf_counter()
        _python(statement)
        return perf_counter() - start

    return sample


def heavy_modules(statement: str) -> list[str]:
    """The modules of HEAVY that a statement imports and a bare interpreter does not."""
    shown = "import sys; print(*sys.modules)"
    bare = set(_python(shown).split())
    return sorted(set(HEAVY) & (set(_python(f"{statement}; {shown}").split()) - bare))


def _everything(rounds: int) -> list[Figure]:
    taken = [[*map(float, _python(PRELOAD).split())] for _ in range(rounds)]
    time, memory = map(median, zip(*taken, strict=True))
    most, most_memory = PRELOAD_TARGETS
    return [
        Figure("import", "preload()", time, "ms", target=most, note="everything, with its import"),
        Figure("import", "preload(), in memory", memory, "MB", target=most_memory, note="with every page"),
    ]


def figures(rounds: int) -> list[Figure]:
    """Complete runs of an interpreter, less those of a bare one; and a page, timed inside."""
    samples = in_turns({name: _run(statement) for name, statement in STATEMENTS.items()}, rounds)
    bare, usual, *others = STATEMENTS
    compared = excess(samples, usual, bare)
    result = [Figure("import", bare, median(samples[bare]) * 1e3, "ms")]
    result.append(Figure("import", usual, compared * 1e3, "ms more"))
    for name in others:
        heavy = heavy_modules(STATEMENTS[name])
        more = excess(samples, name, bare)
        result.append(
            Figure(
                "import",
                name,
                more * 1e3,
                "ms more",
                usual,
                more / compared,
                TARGETS.get(name),
                note=f"imports {', '.join(heavy)}" if heavy else "",
            )
        )
    unwanted = heavy_modules("; ".join(STATEMENTS[name] for name in others))
    result.append(
        Figure("import", "heavy modules imported", len(unwanted), "", target=0, note=", ".join(unwanted))
    )
    calls = in_turns({"call": lambda: float(_python(FIRST_CALL))}, rounds)
    made = median(calls["call"]) * 1e3
    result.append(Figure("import", "calls.pread64, its first use", made * 1e3, "µs", target=50.0))
    result += _everything(max(5, rounds // 4))
    try:
        pages = in_turns({"page": lambda: float(_python(FIRST_PAGE))}, rounds)
    except subprocess.CalledProcessError as error:
        why = error.stderr.strip().rpartition("\n")[2]
        result.append(Figure("import", 'metadata.page("fork")', None, "ms", target=20.0, note=why))
    else:
        result.append(
            Figure(
                "import",
                'metadata.page("fork"), the first',
                median(pages["page"]) * 1e3,
                "ms",
                target=20.0,
                note="with the import of metadata",
            )
        )
    return result
