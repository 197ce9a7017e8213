"""Filters of system calls: made of rules in words, read, run here instead of in the kernel, and loaded.

    from pysys import seccomp
    from pysys.seccomp import Filter, arg, errno

    f = Filter(default=errno("EPERM"))
    f.allow("@default", "@basic-io", "@file-system")
    f.allow("socket", when=arg.family == 1)
    print(f.explain("mount"))                                # what it decides, and by which rule
    f.load()                                                 # for good

    print(seccomp.disassemble(program))                      # with names of calls, ABIs and errors
    seccomp.simulate(program, "openat", [AT_FDCWD]).explain()    # what it decides, by which comparisons

A program is a list of instructions, (code, jt, jf, k) or structures.sock_filter, or its bytes. Only load(),
Listener and HeldCall make calls: filters of other ABIs can be made, and programs of other ABIs read.
"""

from __future__ import annotations

from pysys.loading import load as _load
from pysys.seccomp.actions import (
    ALLOW,
    KILL_PROCESS,
    KILL_THREAD,
    LOG,
    NOTIFY,
    Action,
    errno,
    trace,
    trap,
)
from pysys.seccomp.conditions import FilterArgument, FilterCondition, arg
from pysys.seccomp.conditions import lowered as lowered
from pysys.seccomp.disassembly import Disassembly, DisassemblyLine, disassemble
from pysys.seccomp.disassembly import errno_name as errno_name
from pysys.seccomp.filter import Filter, FilterRule, FilterVerdict
from pysys.seccomp.grouping import every as groups
from pysys.seccomp.grouping import members as members
from pysys.seccomp.installation import ThreadError, load
from pysys.seccomp.instructions import ARCH as ARCH
from pysys.seccomp.instructions import BPF_MAXINSNS, Instruction, ProgramError, check, parse
from pysys.seccomp.instructions import FIRST as FIRST
from pysys.seccomp.instructions import NUMBER as NUMBER
from pysys.seccomp.profiles import MASKED as MASKED
from pysys.seccomp.profiles import from_oci, to_oci
from pysys.seccomp.profiles import kernel_version as kernel_version
from pysys.seccomp.simulation import FilterAction, Simulation, SimulationStep, action, simulate
from pysys.seccomp.units import from_systemd, to_systemd

__all__ = [
    "ALLOW",
    "BPF_MAXINSNS",
    "KILL_PROCESS",
    "KILL_THREAD",
    "LOG",
    "NOTIFY",
    "Action",
    "FilterArgument",
    "FilterCondition",
    "Disassembly",
    "DisassemblyLine",
    "Filter",
    "HeldCall",
    "Listener",
    "FilterAction",
    "Instruction",
    "ProgramError",
    "FilterRule",
    "Simulation",
    "SimulationStep",
    "ThreadError",
    "FilterVerdict",
    "action",
    "arg",
    "check",
    "disassemble",
    "errno",
    "from_oci",
    "from_systemd",
    "groups",
    "load",
    "parse",
    "simulate",
    "to_oci",
    "to_systemd",
    "trace",
    "trap",
]

# The public name, also for pickles.
for _kind in (
    Action, FilterCondition, Disassembly, DisassemblyLine, Filter, FilterAction, FilterArgument, FilterRule,
    FilterVerdict, Instruction, ProgramError, Simulation, SimulationStep, ThreadError,
):  # fmt: skip
    _kind.__module__ = __name__


# What a supervisor needs, which takes the extension: loaded when it is first used. The stub has them as well.
_HOMES = {"HeldCall": "pysys.seccomp.held", "Listener": "pysys.seccomp.listener"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(_load(_HOMES[name], f"{__name__}.{name}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
