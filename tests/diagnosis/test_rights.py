"""Diagnoses of calls about priorities, limits and ids: each cause is made, then one that looks alike."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from diagnosed import NOBODY, become, failed, process, proves, proves_nothing
from isolated import in_child, need_root

from pysys import calls, diagnose, structures
from pysys.flags import Capability, CloneFlags

pytestmark = pytest.mark.isolated
NORMAL, FIFO, IDLE, DEADLINE, RESET = 0, 1, 5, 6, 0x40000000
REAL_TIME_IO = 1 << 13


def limited(name: int, most: int) -> bool:
    """Set a limit, and whether it is set: a process without CAP_SYS_RESOURCE only lowers it."""
    try:
        resource.setrlimit(name, (most, most))
    except ValueError:
        return False
    return True


def param(priority: int) -> structures.sched_param:
    return structures.sched_param(sched_priority=priority)


# ---- priorities ----


def test_others_priorities() -> None:
    """A process of another user, and one of the same."""
    need_root()
    with process() as of_root, process(become) as of_nobody:

        def look() -> None:
            become()
            proves(failed("setpriority", 0, of_root, 10), f"{of_root} (", "belongs to another user")
            proves(failed("sched_setscheduler", of_root, NORMAL, param(0)), "belongs to another user")
            proves(failed("sched_setaffinity", of_root, {0}), "belongs to another user")
            proves(failed("ioprio_set", 1, of_root, 2 << 13), "belongs to another user")
            proves_nothing(diagnose("setpriority", "EPERM", 0, of_nobody, 10), "belongs to this user")
            calls.setpriority(0, of_nobody, 10)

        in_child(os.fork, look)
        proves_nothing(diagnose("setpriority", "EPERM", 0, of_nobody, 10), "CAP_SYS_NICE is there")

        def less() -> None:
            calls.capset(structures.records.Capabilities(set(), set(), set()))
            proves(failed("setpriority", 0, of_root, 10), "capabilities that this process lacks")

        in_child(os.fork, less)


def test_nice_values() -> None:
    """RLIMIT_NICE with and without the capability, and one that allows it."""
    need_root()
    proves_nothing(diagnose("setpriority", "EACCES", 0, 0, -5), "CAP_SYS_NICE is there")

    def look() -> None:
        limited(resource.RLIMIT_NICE, 0)
        become()
        proves(failed("setpriority", 0, 0, -5), "-5 is below", "none below that")
        own = os.getpriority(os.PRIO_PROCESS, 0)
        proves(failed("nice", -3), f"{own - 3} is below")
        proves_nothing(diagnose("setpriority", "EACCES", 0, 0, 19), "The limit allows it")

    def allowed() -> None:
        if not limited(resource.RLIMIT_NICE, 25):
            return
        become()
        proves_nothing(diagnose("setpriority", "EACCES", 0, 0, -5), "The limit allows it")
        proves(failed("setpriority", 0, 0, -6), "none below -5")

    in_child(os.fork, look)
    in_child(os.fork, allowed)


def test_policies() -> None:
    """RLIMIT_RTPRIO, SCHED_DEADLINE, the way back from SCHED_IDLE, the flag that stays; wrong priorities."""
    need_root()
    proves(failed("sched_setscheduler", 0, FIFO, param(0)), "SCHED_FIFO takes priorities from 1 to 99, not 0")
    proves(failed("sched_setscheduler", 0, NORMAL, param(1)), "takes priorities from 0 alone")
    proves(failed("sched_setparam", 0, param(1)), "0 alone")
    proves_nothing(diagnose("sched_setscheduler", "EINVAL", 0, FIFO, param(1)), "takes priority 1")
    proves_nothing(diagnose("sched_setscheduler", "EPERM", 0, FIFO, param(1)), "CAP_SYS_NICE is there")

    def look() -> None:
        raised = limited(resource.RLIMIT_RTPRIO, 5)
        limited(resource.RLIMIT_NICE, 0)
        become()
        proves(failed("sched_setscheduler", 0, FIFO, param(6)), "Priority 6 of SCHED_FIFO", "RLIMIT_RTPRIO")
        if raised:
            proves_nothing(diagnose("sched_setscheduler", "EPERM", 0, FIFO, param(5)), "The limit allows it")
        attr = structures.sched_attr(size=48, sched_policy=DEADLINE, sched_runtime=10**7)
        attr.sched_deadline = attr.sched_period = 10**9
        proves(failed("sched_setattr", 0, attr), "SCHED_DEADLINE takes CAP_SYS_NICE")
        attr = structures.sched_attr(size=48, sched_policy=NORMAL, sched_nice=-1)
        proves(failed("sched_setattr", 0, attr), "nice value of -1 is below")
        calls.sched_setscheduler(0, NORMAL | RESET, param(0))
        proves(failed("sched_setscheduler", 0, NORMAL, param(0)), "SCHED_RESET_ON_FORK")
        proves_nothing(diagnose("sched_setscheduler", "EPERM", 0, NORMAL | RESET, param(0)))
        calls.sched_setscheduler(0, IDLE | RESET, param(0))
        proves(failed("sched_setscheduler", 0, NORMAL | RESET, param(0)), "To leave SCHED_IDLE")

    in_child(os.fork, look)


def test_io_and_processors() -> None:
    """The class of I/O that takes a capability; processors that are not there."""
    need_root()
    proves(failed("ioprio_set", 1, 0, 7 << 13), "no class 7")
    proves_nothing(diagnose("ioprio_set", "EPERM", 1, 0, REAL_TIME_IO), "CAP_SYS_NICE or CAP_SYS_ADMIN")
    proves(failed("sched_setaffinity", 0, {4000}), "None of the CPUs 4000")
    proves_nothing(diagnose("sched_setaffinity", "EINVAL", 0, {0, 4000}), "One of the CPUs is there")

    def look() -> None:
        become()
        proves(failed("ioprio_set", 1, 0, REAL_TIME_IO), "IOPRIO_CLASS_RT takes")
        proves_nothing(diagnose("ioprio_set", "EPERM", 1, 0, 2 << 13))

    in_child(os.fork, look)


# ---- limits ----


def test_limits() -> None:
    """Above the hard limit, above what the machine allows, the wrong way round, of another process."""
    need_root()
    most = int(Path("/proc/sys/fs/nr_open").read_text())
    nofile = resource.RLIMIT_NOFILE
    with process() as of_root, process(become) as of_nobody:
        proves(failed("prlimit64", 0, nofile, (10, most + 1)), f"up to {most}", str(most + 1))
        proves(failed("prlimit64", 0, nofile, (10, -1)), "unlimited is wanted")
        proves(failed("prlimit64", 0, nofile, (10, 9)), "soft limit is above the hard one: 10, 9")
        proves_nothing(diagnose("prlimit64", "EINVAL", 0, nofile, (9, 9)), "not above")
        proves_nothing(diagnose("prlimit64", "EPERM", 0, resource.RLIMIT_CORE, (0, -1)))

        def look() -> None:
            resource.setrlimit(nofile, (100, 100))
            become()
            proves(failed("prlimit64", 0, nofile, (10, 101)), "is 100, and 101 is wanted")
            proves(failed("setrlimit", nofile, structures.rlimit(rlim_cur=1, rlim_max=101)), "101 is wanted")
            proves_nothing(diagnose("prlimit64", "EPERM", 0, nofile, (10, 100)), "allows it")
            proves(failed("prlimit64", of_root, nofile), "has other ids")
            proves_nothing(diagnose("prlimit64", "EPERM", of_nobody, nofile), "has the ids of this process")

        in_child(os.fork, look)

        def inside() -> None:
            resource.setrlimit(nofile, (100, 100))
            become()
            calls.unshare(CloneFlags.CLONE_NEWUSER)  # all capabilities, but not where it would count
            proves(failed("prlimit64", 0, nofile, (10, 101)), "is 100, and 101 is wanted")

        in_child(os.fork, inside)


# ---- identities ----


def test_ids() -> None:
    """Ids that a process may not have, that it may have, and that its namespace does not map."""
    need_root()
    proves_nothing(diagnose("setuid", "EPERM", 5), "CAP_SETUID is there")
    proves_nothing(diagnose("setuid", "EINVAL", 5), "is an id of this user namespace")

    def look() -> None:
        os.setgroups([])
        os.setresgid(7, 8, 9)
        os.setresuid(7, 8, 9)
        proves(failed("setuid", 8), "uid is 8", "may only be 7, 9")
        proves(failed("setuid", 5), "uid is 5")
        proves_nothing(diagnose("setuid", "EPERM", 9), "is an id of this process already")
        proves(failed("setreuid", 9, -1), "ruid is 9", "7, 8")
        proves(failed("setresuid", 9, -1, 5), "suid is 5")
        proves_nothing(diagnose("setresuid", "EPERM", 9, 7, 8))
        proves(failed("setgid", 5), "gid is 5", "CAP_SETGID")
        proves(failed("setresgid", 5, 7, 7), "rgid is 5")

    def inside() -> None:
        become()
        calls.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, so that it may write its maps
        calls.unshare(CloneFlags.CLONE_NEWUSER)
        proves(failed("setuid", 5), "uid is 5, which this user namespace does not map")
        proves(failed("setgroups", [0]), "does not have a map of groups yet")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"0 {NOBODY} 1")
        proves(failed("setgroups", [0]), "setgroups switched off")
        proves(failed("setresgid", 3, -1, -1), "rgid is 3, which this user namespace does not map")
        proves_nothing(diagnose("setgid", "EINVAL", 0))

    in_child(os.fork, look)
    in_child(os.fork, inside)


def test_groups() -> None:
    """Without the capability, and with it."""
    need_root()
    proves_nothing(diagnose("setgroups", "EPERM", [0]), "CAP_SETGID is there", "switched on")

    def look() -> None:
        become()
        proves(failed("setgroups", []), "takes CAP_SETGID")

    in_child(os.fork, look)


def test_capabilities() -> None:
    """Sets larger than they may be, one by one, and sets that are allowed."""
    need_root()
    made = structures.records.Capabilities
    chown, kill, nice = Capability.CAP_CHOWN, Capability.CAP_KILL, Capability.CAP_SYS_NICE

    def look() -> None:
        calls.capset(made({chown}, {chown, kill}, set()))
        proves(failed("capset", made(set(), {nice}, set())), "CAP_SYS_NICE is to be permitted")
        proves(failed("capset", made({kill}, {chown}, set())), "CAP_KILL is to be effective")
        proves(failed("capset", made(set(), {chown}, {nice})), "CAP_SYS_NICE is to be inheritable")
        proves_nothing(diagnose("capset", "EPERM", made({kill}, {kill}, {chown})), "No more is to be")
        proves(failed("prctl", 24, chown, 0, 0, 0), "takes CAP_SETPCAP")
        proves(failed("prctl", 47, 2, chown, 0, 0), "CAP_CHOWN is not inheritable")
        calls.capset(made({chown}, {chown, kill}, {chown}))
        proves(failed("prctl", 47, 2, nice, 0, 0), "CAP_SYS_NICE is not")
        proves_nothing(diagnose("prctl", "EPERM", 47, 2, chown, 0, 0), "is permitted", "is inheritable")

    def bounded() -> None:
        calls.prctl(24, nice, 0, 0, 0)
        proves(failed("capset", made(set(), set(), {nice})), "nor in the bounding set")
        proves_nothing(diagnose("prctl", "EPERM", 24, chown, 0, 0, 0), "CAP_SETPCAP is there")
        calls.prctl(28, 1 << 6, 0, 0, 0)  # SECBIT_NO_CAP_AMBIENT_RAISE
        calls.capset(made({chown}, {chown}, {chown}))
        proves(failed("prctl", 47, 2, chown, 0, 0), "SECBIT_NO_CAP_AMBIENT_RAISE")

    in_child(os.fork, look)
    in_child(os.fork, bounded)
