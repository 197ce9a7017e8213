"""Everything that the package has, loaded at once: for a process that will shut itself in."""

from __future__ import annotations

from pysys.loading import load, near

# What nothing else in here, or in the tables that it reads, leads to.
_MODULES = (
    "pysys._native",
    "pysys.calls.direct",
    "pysys.calls._make.resolved",
    "pysys.calls._make.conversions",
    "pysys.errors",
    "pysys.metadata.profiles",
    "pysys.metadata.render",
    "pysys.tables.constants",
    "pysys.parameters.commands",
    "pysys.parameters.table",
    "pysys.process.clone3",
    "pysys.process.fork",
    "pysys.process.popen",
    "pysys.raw",
    "pysys.policy.resolution",
    "pysys.structures.addresses",
    "pysys.structures.control",
    "pysys.structures.readers",
)
_TABLES = "documented errnos history index optional profiles related signatures wide".split()


def preload() -> None:
    """Load everything that a call, an error, a structure, a flag or a page may need, and read every page.

    To be called before a process shuts itself in: before chroot, pivot_root, setns to another mount
    namespace, Landlock, a change of user, a filter of open and openat, or a limit of descriptors. If a child
    of clone(fn=) does that, its parent calls it before: that costs once, whatever the number of children.
    Nothing of pysys needs one of its files afterwards. Without preload(), what was imported by its name
    works, with errors that have no causes, and anything else raises errors.NotLoadedError.

    It takes one or two tenths of a second and 12 MB, which children share; a second call takes next to
    nothing. Threads may make it at once. What is the program's is not loaded: codecs, asyncio, pydoc for
    help(), and what spawn's user= reads for a name, /etc/passwd.

    Raises errors.NotLoadedError where something cannot be loaded: in a process that is shut in already.
    """
    for module in _MODULES:
        load(module)
    for table in _TABLES:
        load(f"pysys.tables.{table}")
    for abi in load("pysys.abi").ABIS:
        load("pysys.numbers").table(abi)
    for family in sorted({*load("pysys.calls")._HANDWRITTEN.values()}):
        load(f"pysys.calls.{family}")
    for family in sorted({*load("pysys.flags.index").MODULES.values()}):
        load(f"pysys.flags.{family}")
    load("pysys.metadata.load").read_ahead()
    # What these use of the standard library loads a part of itself when it is used. traceback shows the
    # causes of an error, which the printer in C leaves out from Python 3.13 on.
    near("fork", ["vfork"])
    load("pysys.metadata.render").plain("fork", 80)
    load("traceback").format_exception(load("pysys.errors").error(11, "fork"))
