"""The Linux system call interface for Python.

What __init__.py loads when it is first used, for type checkers and editors: some take `TYPE_CHECKING = False`
at its word, and would see nothing.
"""

from pysys import abi as abi
from pysys import calls as calls
from pysys import capabilities as capabilities
from pysys import errors as errors
from pysys import flags as flags
from pysys import idmap as idmap
from pysys import ioctls as ioctls
from pysys import landlock as landlock
from pysys import metadata as metadata
from pysys import mounts as mounts
from pysys import namespaces as namespaces
from pysys import numbers as numbers
from pysys import profiles as profiles
from pysys import rings as rings
from pysys import seccomp as seccomp
from pysys import structures as structures

__version__: str
from pysys.diagnosis.failures import Diagnosis as Diagnosis
from pysys.diagnosis.failures import diagnose as diagnose
from pysys.diagnosis.place import Place as Place
from pysys.diagnosis.place import probe as probe
from pysys.flags import CloneFlags as CloneFlags
from pysys.policy.resolution import Resolution as Resolution
from pysys.policy.resolution import resolve as resolve
from pysys.preloading import preload as preload
from pysys.process.child import Child as Child
from pysys.process.clone import clone as clone
from pysys.process.clone3 import CloneArgs as CloneArgs
from pysys.process.clone3 import clone3 as clone3
from pysys.process.ending import Ending as Ending
from pysys.process.exec_in_place import exec_in_place as exec_in_place
from pysys.process.fork import fork as fork
from pysys.process.fork import vfork as vfork
from pysys.process.opening import open_process as open_process
from pysys.process.own_id import OWN_ID as OWN_ID
from pysys.process.popen import Popen as Popen
from pysys.process.reaping import reap as reap
from pysys.process.running import Completed as Completed
from pysys.process.running import run as run
from pysys.process.spawn import spawn as spawn
from pysys.process.spawn_arguments import DEVNULL as DEVNULL
from pysys.process.spawn_arguments import PIPE as PIPE
from pysys.process.spawn_arguments import STDOUT as STDOUT
from pysys.process.terminal import Terminal as Terminal
from pysys.process.waiting import wait_any as wait_any
from pysys.raw import syscall as syscall
from pysys.reasons import Why as Why
from pysys.reasons import why as why
from pysys.tracing import Trace as Trace
from pysys.tracing import trace as trace

__all__ = [
    "Child",
    "CloneArgs",
    "CloneFlags",
    "Completed",
    "DEVNULL",
    "Diagnosis",
    "Ending",
    "OWN_ID",
    "PIPE",
    "Place",
    "Popen",
    "Resolution",
    "STDOUT",
    "Terminal",
    "Trace",
    "Why",
    "__version__",
    "abi",
    "calls",
    "capabilities",
    "clone",
    "clone3",
    "diagnose",
    "errors",
    "exec_in_place",
    "flags",
    "fork",
    "idmap",
    "ioctls",
    "landlock",
    "metadata",
    "mounts",
    "namespaces",
    "numbers",
    "open_process",
    "preload",
    "probe",
    "profiles",
    "reap",
    "resolve",
    "rings",
    "run",
    "seccomp",
    "spawn",
    "structures",
    "syscall",
    "trace",
    "vfork",
    "wait_any",
    "why",
]

def __dir__() -> list[str]: ...
