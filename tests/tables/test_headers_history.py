"""Since which kernel constants are, held to the headers of many kernels (tools/headers_history.py)."""

from __future__ import annotations

import enum
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pysys import flags

pytestmark = pytest.mark.once

SAYS = re.compile(r"\b(?:Since|Named since) Linux (\d[\d.]*\d)( or earlier)?")
Version = tuple[int, ...]
# The number, or the use, was there before an exported header had the name.
NAMED_LATER = frozenset(
    """
    ARCH_GET_FS ARCH_GET_GS ARCH_SET_FS ARCH_SET_GS BPF_MAP_TYPE_CGROUP_STORAGE_DEPRECATED
    BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE_DEPRECATED EPOLLERR EPOLLHUP EPOLLIN EPOLLMSG EPOLLOUT EPOLLPRI
    EPOLLRDBAND EPOLLRDHUP EPOLLRDNORM EPOLLWRBAND EPOLLWRNORM FALLOC_FL_ALLOCATE_RANGE MEMBARRIER_CMD_GLOBAL
    MS_POSIXACL PR_SCHED_CORE_SCOPE_PROCESS_GROUP PR_SCHED_CORE_SCOPE_THREAD PR_SCHED_CORE_SCOPE_THREAD_GROUP
    PR_SYS_DISPATCH_EXCLUSIVE_ON PTRACE_ARCH_PRCTL RWH_WRITE_LIFE_NOT_SET SCHED_NORMAL SECCOMP_MODE_DISABLED
    SECCOMP_MODE_STRICT SECCOMP_RET_KILL_THREAD SEEK_CUR SEEK_END SEEK_SET SHM_HUGE_16GB SHM_HUGE_16MB
    SHM_HUGE_1GB SHM_HUGE_1MB SHM_HUGE_256MB SHM_HUGE_2GB SHM_HUGE_2MB SHM_HUGE_32MB SHM_HUGE_512KB
    SHM_HUGE_512MB SHM_HUGE_64KB SHM_HUGE_8MB SHUT_RD SHUT_RDWR SHUT_WR SOL_BLUETOOTH SOL_RDS
    """.split()
)
# The header had the name before the kernel did what it stands for here: it was reserved, refused, of another
# architecture or of another call, or the collection has it from patches that were not in Linux yet.
DONE_LATER = frozenset(
    """
    ADDRB ADJ_OFFSET_SS_READ AF_KEY CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID EMT_TAGOVF
    FAN_EVENT_INFO_TYPE_DFID_NAME FUTEX2_NUMA IOCB_CMD_FDSYNC IOCB_CMD_FSYNC IPPROTO_AH IPPROTO_COMP
    IPPROTO_ESP KEXEC_ARCH_LOONGARCH LINUX_REBOOT_CMD_KEXEC MADV_FREE MAP_LOCKED MFD_ALLOW_SEALING
    MFD_CLOEXEC O_CLOEXEC O_DSYNC O_NONBLOCK O_SYNC O_TRUNC PR_FUTEX_HASH PR_FUTEX_HASH_GET_SLOTS
    PR_FUTEX_HASH_SET_SLOTS PR_SET_VMA PR_SET_VMA_ANON_NAME PTRACE_SINGLEBLOCK SA_NOCLDWAIT SCHED_IDLE
    SIGEV_NONE SIGEV_SIGNAL SIGEV_THREAD SOCK_RCVBUF_LOCK SOCK_SNDBUF_LOCK SO_REUSEPORT TFD_TIMER_ABSTIME
    UFFDIO_REGISTER_MODE_WP UFFD_EVENT_FORK UFFD_FEATURE_EVENT_FORK UFFD_FEATURE_PAGEFAULT_FLAG_WP
    UFFD_PAGEFAULT_FLAG_WP
    """.split()
)


def version(text: str) -> Version:
    return tuple(map(int, text.split(".")))


def rounded(found: Version) -> Version:
    """Of Linux 2.6 three parts count, of others two."""
    return found[: 3 if found[:2] == (2, 6) else 2]


@cache
def history() -> dict[str, tuple[Version, Version]]:
    """The last version without a name, () for none, and the first with it."""
    found: dict[str, tuple[Version, Version]] = {}
    text = (Path(__file__).parent / "headers_history.txt").read_text("ascii")
    for line in text.replace("\n  ", " ").splitlines():
        last, first, *names = line.split()
        found |= dict.fromkeys(names, (() if last == "-" else version(last), version(first)))
    return found


def classes() -> list[Any]:
    found = (getattr(flags, name) for name in sorted(dir(flags)))
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, enum.Enum)]


def own(one: Any) -> str:
    """Its own text, in a line."""
    return " ".join((one.__doc__ or "").split())


def said(kind: Any, name: str) -> tuple[Version, bool, bool] | None:
    """What the text of a member says, or that of its class: the version, whether it may be earlier, and
    whether the member says so itself.
    """
    member, inherited = own(kind.__members__[name]), own(kind)
    for text in (member, inherited):
        if match := SAYS.search(text):
            return version(match[1]), bool(match[2]), text != inherited
        if "since Linux" in text or "Internal to the kernel" in text:  # of some uses or architectures
            return None
    return None


def next_to(last: Version, first: Version) -> bool:
    """Whether there was no release between."""
    ends: dict[Version, Version] = {
        (3, 0): (2, 6, 39),
        (4, 0): (3, 19),
        (5, 0): (4, 20),
        (6, 0): (5, 19),
        (7, 0): (6, 19),
    }
    before = ends.get(first, (*first[:-1], first[-1] - 1))
    return bool(last) and last >= before


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_since(kind: Any) -> None:
    """No header of a kernel before has the name, and those of that kernel have it, as far as is known."""
    wrong = []
    for name, member in kind.__members__.items():
        found = said(kind, name)
        if name != member.name or name not in history() or found is None:
            continue
        (last, first), (claimed, may_be_earlier, is_own) = history()[name], found
        claimed = rounded(claimed)
        is_late = not may_be_earlier and claimed > first and name not in DONE_LATER
        # Of Linux 2.4 the history has the first release alone.
        is_early = claimed <= last and claimed != (2, 4) and name not in NAMED_LATER
        is_vague = may_be_earlier and is_own and (claimed > first or next_to(last, first))
        if is_late or is_early or is_vague:
            wrong.append(f"{name}: {claimed}{' or earlier' * may_be_earlier}, not in {last}, in {first}")
    assert not wrong


def test_much_is_known() -> None:
    """Most members have a version before and one with them, many of these next to each other."""
    names = {name for kind in classes() for name in kind.__members__}
    known = [history()[name] for name in names if name in history()]
    assert len(known) > 0.9 * len(names)
    assert sum(next_to(*one) for one in known) > 900
