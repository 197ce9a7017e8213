"""preload: brings all of the package into memory at once, for a process that will restrict itself."""

from __future__ import annotations

from pysys.loading import hold, load, near

# The modules that neither another line of this module nor the tables that it reads lead to.
_MODULES = (
    "pysys._native",
    "pysys.calls._make.in_python",
    "pysys.calls._make.resolved",
    "pysys.calls._make.through",
    "pysys.calls.direct",
    "pysys.capabilities",
    "pysys.diagnosis.failures",
    "pysys.diagnosis.place",
    "pysys.errors.arguments",
    "pysys.idmap",
    "pysys.ioctls",
    "pysys.landlock",
    "pysys.metadata.conditions",
    "pysys.metadata.exported",
    "pysys.metadata.overviews",
    "pysys.metadata.profiles",
    "pysys.metadata.render",
    "pysys.mounts",
    "pysys.namespaces",
    "pysys.parameters.commands",
    "pysys.parameters.members",
    "pysys.parameters.table",
    "pysys.policy.resolution",
    "pysys.process.changes",
    "pysys.process.clone",
    "pysys.process.clone3",
    "pysys.process.clone3_request",
    "pysys.process.ending",
    "pysys.process.exec_in_place",
    "pysys.process.fork",
    "pysys.process.in_place_request",
    "pysys.process.opening",
    "pysys.process.pipes",
    "pysys.process.popen",
    "pysys.process.reaping",
    "pysys.process.running",
    "pysys.process.spawn_failure",
    "pysys.process.spawn_request",
    "pysys.process.terminal",
    "pysys.process.tree",
    "pysys.process.waiting",
    "pysys.profiles",
    "pysys.raw",
    "pysys.raw_in_python",
    "pysys.reasons",
    "pysys.rings",
    "pysys.seccomp",
    "pysys.seccomp.listener",
    "pysys.structures.addresses",
    "pysys.structures.control",
    "pysys.structures.readers",
    "pysys.tables.constants",
    "pysys.tracing.text",
)
_TABLES = "documented errnos history index ioctls libc optional profiles related signatures wide".split()


def preload() -> None:
    """Load everything that a call, an error, a structure, a flag or a page may need, and read every page.

    Call it before a process restricts itself: before chroot, pivot_root, setns to another mount namespace,
    Landlock, a change of user, a filter of open and openat, or a limit of descriptors. If a child of
    clone(fn=) does that, its parent should call it before: then it costs once, whatever the number of
    children. Afterwards pysys needs none of its files. Without preload(), what was imported by its name
    works, with errors that have no causes, and anything else raises errors.NotLoadedError.

    It takes some tenths of a second and 16 MB, which children share; a second call takes almost no time.
    Several threads may call it at the same time. What belongs to the program is not loaded: codecs,
    asyncio, pydoc for help(), and /etc/passwd, which spawn's user= and login= read.

    It takes no arguments. Returns None. Raises errors.NotLoadedError if something cannot be loaded,
    because the process is restricted already. It only imports and reads files: it does not depend on the
    kernel's version.
    """
    for module in _MODULES:
        load(module)
    for table in _TABLES:
        load(f"pysys.tables.{table}")
    for abi in load("pysys.abi").ABIS:
        load("pysys.numbers").table(abi)
    for family in sorted({*load("pysys.calls")._HANDWRITTEN.values()}):
        load(f"pysys.calls.{family}")
    # Classes of flags are many, and take long to make: what they are made of is held.
    load("pysys.flags.documented")
    load("pysys.flags.values")
    index = load("pysys.flags.index")
    hold("flags", " ".join(sorted({*index.MODULES.values(), *index.FUNCTIONS.values()})))
    load("pysys.metadata.load").read_ahead()
    # These use parts of the standard library that load more when they are used. traceback shows the causes
    # of an error, which the printer in C omits from Python 3.13 on, and looks for the lines in files.
    near("fork", ["vfork"])
    load("pysys.metadata.render").plain("fork", 80)
    try:
        raise load("pysys.errors").error(11, "fork")
    except OSError as error:
        load("traceback").format_exception(error)
