"""The Linux system call interface for Python.

    from pysys import fork, vfork, clone, clone3, spawn, syscall   # process creation, and any call
    from pysys.calls import openat2, statx, pidfd_getfd            # every call, typed
    from pysys import errors, structures, flags                    # exceptions, structures, constants
    from pysys import ioctls                                       # requests of ioctl
    from pysys import mounts                                       # what is mounted where, in words
    from pysys import rings                                        # io_uring's queues, perf's ring
    from pysys import seccomp                                      # filters of calls: made, read, loaded
    from pysys import profiles                                     # the calls of a program, as a filter
    from pysys import landlock, capabilities, idmap, namespaces    # what confines this process
    from pysys import probe                                        # what this place allows
    from pysys import trace                                        # the calls that a program makes
    from pysys import why                                          # why a program gave up
    from pysys import metadata, numbers, abi                       # reference, tables

Where things are: `process/` makes processes; `raw` makes any call; `calls` has every call as a function,
`structures`, `flags` and `ioctls` what these take; `rings` reads memory that the kernel shares; `seccomp`
makes, reads and loads filters; `landlock`, `capabilities`, `idmap` and `namespaces` are what else confines a
process; `diagnosis` finds out what this place allows, and why a call failed; `tracing` watches the calls of
other programs, `reasons` says why one gave up, and `profiles` makes a filter of the calls of one; `numbers`
and `abi` have the numbers of all ABIs, `parameters` what each parameter is, `policy` what becomes of a call
on an ABI; `errors` has a class per errno; `metadata` is the reference; `cli` the command `pysys`; `loading`
loads a module when it is first used, `preloading` all of them. Only `_native` imports the extension, which is
built from cdefs/.

Names are loaded when they are first used, so that the reference works without the extension. With a name,
everything is loaded that its calls and their errors need. preload() loads everything, for a process that will
restrict itself.
"""

from __future__ import annotations

import sys

from pysys.loading import load

__version__ = "0.1.0"

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

_HOMES = {
    "Child": "pysys.process.child",
    "CloneArgs": "pysys.process.clone3",
    "CloneFlags": "pysys.flags",
    "Completed": "pysys.process.running",
    "DEVNULL": "pysys.process.spawn_arguments",
    "Diagnosis": "pysys.diagnosis.failures",
    "Ending": "pysys.process.ending",
    "OWN_ID": "pysys.process.own_id",
    "PIPE": "pysys.process.spawn_arguments",
    "Place": "pysys.diagnosis.place",
    "Popen": "pysys.process.popen",
    "Resolution": "pysys.policy.resolution",
    "STDOUT": "pysys.process.spawn_arguments",
    "Terminal": "pysys.process.terminal",
    "Trace": "pysys.tracing",
    "Why": "pysys.reasons",
    "clone": "pysys.process.clone",
    "clone3": "pysys.process.clone3",
    "diagnose": "pysys.diagnosis.failures",
    "exec_in_place": "pysys.process.exec_in_place",
    "fork": "pysys.process.fork",
    "open_process": "pysys.process.opening",
    "preload": "pysys.preloading",
    "probe": "pysys.diagnosis.place",
    "reap": "pysys.process.reaping",
    "resolve": "pysys.policy.resolution",
    "run": "pysys.process.running",
    "spawn": "pysys.process.spawn",
    "syscall": "pysys.raw",
    "trace": "pysys.tracing",
    "vfork": "pysys.process.fork",
    "wait_any": "pysys.process.waiting",
    "why": "pysys.reasons",
}
_MODULES = (
    "abi",
    "calls",
    "capabilities",
    "errors",
    "flags",
    "idmap",
    "ioctls",
    "landlock",
    "metadata",
    "mounts",
    "namespaces",
    "numbers",
    "profiles",
    "rings",
    "seccomp",
    "structures",
)


def __getattr__(name: str) -> object:
    home = f"pysys.{name}" if name in _MODULES else _HOMES.get(name)
    if home is None:
        # With what Python makes a suggestion of, if it comes to a traceback.
        raise AttributeError(f"module 'pysys' has no attribute {name!r}", name=name, obj=sys.modules["pysys"])
    module = load(home, f"pysys.{name}")
    value = module if name in _MODULES else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
