# What editors see of the package: two of its names are loaded late.

from pysys.seccomp.actions import ALLOW as ALLOW
from pysys.seccomp.actions import KILL_PROCESS as KILL_PROCESS
from pysys.seccomp.actions import KILL_THREAD as KILL_THREAD
from pysys.seccomp.actions import LOG as LOG
from pysys.seccomp.actions import NOTIFY as NOTIFY
from pysys.seccomp.actions import Action as Action
from pysys.seccomp.actions import errno as errno
from pysys.seccomp.actions import trace as trace
from pysys.seccomp.actions import trap as trap
from pysys.seccomp.conditions import FilterArgument as FilterArgument
from pysys.seccomp.conditions import FilterCondition as FilterCondition
from pysys.seccomp.conditions import arg as arg
from pysys.seccomp.conditions import lowered as lowered
from pysys.seccomp.disassembly import Disassembly as Disassembly
from pysys.seccomp.disassembly import DisassemblyLine as DisassemblyLine
from pysys.seccomp.disassembly import disassemble as disassemble
from pysys.seccomp.disassembly import errno_name as errno_name
from pysys.seccomp.filter import Filter as Filter
from pysys.seccomp.filter import FilterRule as FilterRule
from pysys.seccomp.filter import FilterVerdict as FilterVerdict
from pysys.seccomp.grouping import every as groups
from pysys.seccomp.grouping import members as members
from pysys.seccomp.installation import ThreadError as ThreadError
from pysys.seccomp.installation import load as load
from pysys.seccomp.instructions import ARCH as ARCH
from pysys.seccomp.instructions import BPF_MAXINSNS as BPF_MAXINSNS
from pysys.seccomp.instructions import Instruction as Instruction
from pysys.seccomp.instructions import ProgramError as ProgramError
from pysys.seccomp.instructions import check as check
from pysys.seccomp.instructions import parse as parse
from pysys.seccomp.instructions import FIRST as FIRST
from pysys.seccomp.instructions import NUMBER as NUMBER
from pysys.seccomp.profiles import MASKED as MASKED
from pysys.seccomp.profiles import from_oci as from_oci
from pysys.seccomp.profiles import kernel_version as kernel_version
from pysys.seccomp.profiles import to_oci as to_oci
from pysys.seccomp.simulation import FilterAction as FilterAction
from pysys.seccomp.simulation import Simulation as Simulation
from pysys.seccomp.simulation import SimulationStep as SimulationStep
from pysys.seccomp.simulation import action as action
from pysys.seccomp.simulation import simulate as simulate
from pysys.seccomp.units import from_systemd as from_systemd
from pysys.seccomp.units import to_systemd as to_systemd
from pysys.seccomp.held import HeldCall as HeldCall
from pysys.seccomp.listener import Listener as Listener

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

def __dir__() -> list[str]: ...
