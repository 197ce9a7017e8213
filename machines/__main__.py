"""usage: python -m machines [OPTION...] MACHINE [PYTEST ARGUMENT...]

Runs the tests on a machine with a kernel and an architecture of its own, made from Debian's packages and
emulated: python -m machines aarch64 -k fork. What is not an option of this command is passed to pytest.
Exit status: pytest's, or 70 where the machine did not get to its end.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import signal
import sys

from machines import boot, proofs, qemu_user, report, table
from machines.cache import cache, progress
from machines.errors import Trouble

# What says nothing of a kernel or an ABI runs where it is quick.
SELECTION = "not slow and not thorough and not portable and not widths and not once"
ROUNDS = "20"  # of what a test repeats: a fork takes ten times as long as on the processor itself
SHARES = 8  # of the cases of parametrized tests; a machine of CI takes one, as emulated ones are slow
UNFINISHED = 70  # a status that pytest has not


def parser() -> argparse.ArgumentParser:
    one = argparse.ArgumentParser(
        prog="python -m machines", description=__doc__.partition("\n\n")[2], allow_abbrev=False
    )
    one.add_argument("machine", nargs="?", choices=[*table.ROWS, *table.USER], metavar="MACHINE")
    one.add_argument("--list", action="store_true", help="list the machines")
    one.add_argument(
        "--python", metavar="X.Y", help="another one of the machine's Pythons than its first; or all"
    )
    one.add_argument("--shell", action="store_true", help="a shell in the machine, on this terminal")
    one.add_argument("--tour", action="store_true", help="run `pysys tour` in the machine, no tests")
    one.add_argument(
        "--all", action="store_true", help="also the tests that are slow, or say nothing of a machine"
    )
    one.add_argument(
        "--coverage", action="store_true", help="bring back which lines ran, for `coverage combine`"
    )
    one.add_argument("--record", action="store_true", help="write what came out into docs/machines.md")
    one.add_argument(
        "--timeout",
        type=float,
        default=7200,
        metavar="SECONDS",
        help="end the machine after that many seconds (%(default)s)",
    )
    return one


def pytest_command(python: str, workers: int, all_tests: bool, coverage: bool, more: list[str]) -> list[str]:
    runner = ["-m", "coverage", "run", "-m", "pytest"] if coverage else ["-m", "pytest"]
    # By the file: one interpreter has loaded it, and forks for its tests.
    at_once = [f"--numprocesses={workers}", "--dist=loadfile"] if workers > 1 else []
    selected = "slow or not slow" if all_tests else SELECTION
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    return [
        *(f"python{python}", *runner, "-p", "no:cacheprovider", "-m", selected, *at_once),
        *("--junitxml=/results/junit.xml", "-o", "junit_family=xunit1", *colour, *more),
    ]


def main() -> int:
    options, more = parser().parse_known_args()
    if options.list or not options.machine:
        print(report.listing())
        return 0
    row = table.ROWS.get(options.machine) or table.USER[options.machine]
    if options.python not in (None, "all", *row.pythons):
        raise Trouble(f"{row.name} has Python {' and '.join(row.pythons)}, not {options.python}")
    if options.all and options.record:
        raise Trouble("--record is for the tests that say something of a machine: not with --all")
    environment = {"PYSYS_ROUNDS": os.environ.get("PYSYS_ROUNDS", ROUNDS)}
    if isinstance(row, table.Machine):  # a processor that is emulated alone says nothing of what kernels give
        environment["PYSYS_PROOFS"] = proofs.wanted(row, options.all)
    everything = options.all or options.record or os.environ.get("PYSYS_PROOFS") == proofs.ALL
    named = {word for word in more if word not in ("-q", "-v")}
    divided = row.name in table.SHARED and not everything and not named
    if divided:
        environment["PYSYS_SHARE"] = f"{list(table.SHARED).index(row.name)}/{SHARES}"
    if options.shell:
        if not isinstance(row, table.Machine):
            raise Trouble(f"{row.name} is not a machine: it has no console for a shell")
        return boot.shell(row, options.python or row.pythons[0], environment)
    worst = 0
    for python in row.pythons if options.python == "all" else [options.python or row.pythons[0]]:
        command = ["pysys", "tour"]
        if not options.tour:
            command = pytest_command(python, boot.workers(row), options.all, options.coverage, more)
        if isinstance(row, table.Machine):
            result = boot.run(row, python, command, environment, options.timeout)
        else:
            result = qemu_user.run(row, python, command, environment, options.timeout)
        worst = worst or result.status
        if options.tour:
            shutil.rmtree(result.folder)
            continue
        progress(report.line(result))
        complete = not named and not divided and result.status in (0, 1)
        report.keep(result, complete)
        if options.record and complete:
            report.record(result)
        elif options.record:
            progress(f"not recorded: not all tests ran, or pytest was ended ({result.status})")
    return worst


if __name__ == "__main__":
    # Ended from outside, too, it ends its machine and leaves no files.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        sys.exit(main())
    except Trouble as trouble:
        why = str(trouble)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        why = f"no space is left on the disk: {error.filename or cache()}"
    print(f"machines: {why}", file=sys.stderr)
    sys.exit(UNFINISHED)
