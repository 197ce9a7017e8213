"""Filters of system calls, as programs: what one does, read and run here instead of in the kernel.

    from pysys import seccomp
    print(seccomp.disassemble(program))                      # with names of calls, ABIs and errors
    seccomp.simulate(program, "openat", [AT_FDCWD]).explain()    # what it decides, by which comparisons

A program is a list of instructions, (code, jt, jf, k) or structures.sock_filter, or its bytes. Nothing here
makes a call: a program of another ABI can be read as well.
"""

from __future__ import annotations

from pysys.seccomp.disassembly import Disassembly, DisassemblyLine, disassemble
from pysys.seccomp.instructions import BPF_MAXINSNS, Instruction, ProgramError, check, parse
from pysys.seccomp.simulation import FilterAction, Simulation, SimulationStep, action, simulate

__all__ = [
    "BPF_MAXINSNS",
    "Disassembly",
    "DisassemblyLine",
    "FilterAction",
    "Instruction",
    "ProgramError",
    "Simulation",
    "SimulationStep",
    "action",
    "check",
    "disassemble",
    "parse",
    "simulate",
]

# The public name, also for pickles.
for _kind in (
    Disassembly, DisassemblyLine, FilterAction, Instruction, ProgramError, Simulation, SimulationStep,
):  # fmt: skip
    _kind.__module__ = __name__


def __dir__() -> list[str]:
    return __all__
