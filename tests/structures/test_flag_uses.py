"""Where the values of each class of pysys.flags are used."""

from __future__ import annotations

import enum
import errno
import os
import re
from collections.abc import Callable
from socket import SOL_SOCKET, socket, socketpair

import pytest

from pysys import flags, numbers, structures, syscall
from pysys.abi import ABIS
from pysys.flags import index
from pysys.parameters import further_flags, members, parameters
from pysys.structures import documentation, field_flags

# Classes whose values stand in nothing that a call's definition names.
ELSEWHERE = {
    "IoUringCqFlags": "a word of the shared ring, at the offset io_cqring_offsets.flags",
    "IoUringNotificationUsage": "the result of a notification, a number that is otherwise a length",
    "IoUringSqFlags": "a word of the shared ring, at the offset io_sqring_offsets.flags",
    "PerfIocFlags": "the argument of ioctl for requests of perf",
    "SeccompListenerFlags": "the argument of ioctl for SECCOMP_IOCTL_NOTIF_SET_FLAGS",
    "PtraceEvent": "a part of the status that the wait calls write: status >> 16",
    "IpMtuDiscovery": "the value of a socket's option IP_MTU_DISCOVER",
    "Ipv6MtuDiscovery": "the value of a socket's option IPV6_MTU_DISCOVER",
    "Ipv6AddressPreferences": "the value of a socket's option IPV6_ADDR_PREFERENCES",
    "MulticastFilter": "a field of ip_msfilter and group_filter, values of a socket's options",
    "TcpRepair": "the value of a socket's option TCP_REPAIR",
    "TcpRepairQueue": "the value of a socket's option TCP_REPAIR_QUEUE",
    "UdpEncapsulation": "the value of a socket's option UDP_ENCAP",
    "PacketFanout": "a part of the value of PACKET_FANOUT",
    "PacketFanoutFlags": "a part of the value of PACKET_FANOUT",
    "TpacketVersion": "the value of a socket's option PACKET_VERSION",
    "TpacketStatus": "a word of a ring that is shared with a packet socket",
    "TunOffload": "the argument of ioctl for TUNSETOFFLOAD",
    "RouteNexthopFlags": "a field of rtnexthop",
    "RouteGroup": "the value of NETLINK_ADD_MEMBERSHIP",
    "NeighbourState": "a field of ndmsg",
    "NeighbourFlags": "a field of ndmsg",
    "VsockOption": "options of level AF_VSOCK, which SocketLevel does not have",
    "AlgOperation": "the value of a control message of level SOL_ALG",
    "ExtendedErrorRfc4884": "a field of sock_extended_err",
    "InodeFlags": "what FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of ioctl read and write",
    "AuxiliaryType": "a word of the auxiliary vector",
    "AuxiliaryFlags": "a word of the auxiliary vector",
    "PerfContext": "a word of a sample's chain of calls",
    "PerfAuxFlags": "a word of a record of perf",
    "PerfKsymbolType": "a word of a record of perf",
    "PerfKsymbolFlags": "a word of a record of perf",
    "PerfBpfEvent": "a word of a record of perf",
    "PerfBranchType": "a field of perf_branch_entry",
    "PerfTransaction": "a word of a sample",
    "PerfRegisterAbi": "a word of a sample",
    "BpfLinkType": "a field of bpf_link_info",
    "TerminalCharacter": "an index of c_cc in termios",
    "TerminalActions": "an argument of tcsetattr in the C library, for which the kernel has requests",
    "TerminalQueue": "the argument of ioctl for TCFLSH",
    "TerminalFlow": "the argument of ioctl for TCXONC",
    "ModemLines": "what TIOCMGET and TIOCMSET of ioctl read and write",
    "PacketModeStatus": "a byte that a pseudoterminal's master reads",
    "PerfMemoryShift": "a part of the data source of a sample",
    "PerfMemoryOperation": "a part of the data source of a sample",
    "PerfMemoryLevel": "a part of the data source of a sample",
    "PerfMemoryLevelNumber": "a part of the data source of a sample",
    "PerfMemoryRemote": "a part of the data source of a sample",
    "PerfMemorySnoop": "a part of the data source of a sample",
    "PerfMemorySnoopMore": "a part of the data source of a sample",
    "PerfMemoryLock": "a part of the data source of a sample",
    "PerfMemoryTlb": "a part of the data source of a sample",
    "PerfMemoryBlock": "a part of the data source of a sample",
    "PerfMemoryHops": "a part of the data source of a sample",
    "PerfMemoryRegion": "a part of the data source of a sample",
    "TcxAction": "a number within a program of BPF",
    "SocketAction": "a number within a program of BPF",
    "BpfStoreFlags": "a number within a program of BPF",
    "BpfChecksumFlags": "a number within a program of BPF",
    "BpfChecksumLevel": "a number within a program of BPF",
    "BpfTunnelFlags": "a number within a program of BPF",
    "BpfStackFlags": "a number within a program of BPF",
    "BpfPerfFlags": "a number within a program of BPF",
    "BpfHeaderStart": "a number within a program of BPF",
    "BpfEncapsulation": "a number within a program of BPF",
    "BpfRedirectFlags": "a number within a program of BPF",
    "BpfStorageFlags": "a number within a program of BPF",
    "BpfRingFlags": "a number within a program of BPF",
    "BpfRingQuery": "a number within a program of BPF",
    "BpfRingHeader": "a word of a map's memory",
    "BpfLookupFlags": "a number within a program of BPF",
    "BpfDeviceAccess": "a number within a program of BPF",
    "BpfDeviceType": "a number within a program of BPF",
    "BpfFibFlags": "a number within a program of BPF",
    "BpfFibResult": "a number within a program of BPF",
    "BpfMtuFlags": "a number within a program of BPF",
    "BpfMtuResult": "a number within a program of BPF",
    "BpfTimerFlags": "a number within a program of BPF",
    "BpfIteratorOrder": "a field of bpf_iter_link_info",
    "BpfPerfLink": "a field of bpf_link_info",
    "BpfBuildIdStatus": "a field of bpf_stack_build_id",
    "BpfSockFlags": "a number within a program of BPF",
    "BpfSockEvent": "a number within a program of BPF",
    "TcpEcnMode": "bits of tcp_info",
    "TcpEcnOption": "bits of tcp_info",
    "TcpMd5Flags": "a field of tcp_md5sig",
    "TcpAoKeyFlags": "a field of tcp_ao_add",
    "Ipv6FlowAction": "a field of in6_flowlabel_req",
    "Ipv6FlowFlags": "a field of in6_flowlabel_req",
    "Ipv6FlowSharing": "a field of in6_flowlabel_req",
    "IpTypeOfService": "the value of IP_TOS",
}
CLASSES = [name for name in index.MODULES if isinstance(getattr(flags, name), enum.EnumType)]


def of_parameters() -> set[str]:
    calls = numbers.calls()
    found = {one.flags for name in calls for abi in (None, *ABIS) for one in parameters(name, abi) or ()}
    return found - {""}


@pytest.mark.portable
def test_every_class_is_used_somewhere() -> None:
    tables = (field_flags.FIELDS, further_flags.ARGUMENTS, further_flags.RESULTS)
    tied = {name for table in tables for names in table.values() for name in names.split()}
    assert sorted(set(CLASSES) - of_parameters() - tied - ELSEWHERE.keys()) == []
    assert tied <= set(CLASSES)
    assert not tied & ELSEWHERE.keys() and ELSEWHERE.keys() <= set(CLASSES)


def test_every_field_exists() -> None:
    here = structures.names()
    wrong = []
    for key in field_flags.FIELDS:
        structure, field = key.split(".")
        if structure in here:
            if field not in {one.name for one in structures.describe(structure)}:
                wrong.append(key)
        elif structure not in documentation.TEXTS:
            wrong.append(key)
    assert wrong == []


def test_every_argument_exists() -> None:
    for key in (*further_flags.ARGUMENTS, *further_flags.RESULTS):
        match = re.fullmatch(r"(\w+)(?:\((\w+)\))?(?:\.(\w+))?", key)
        assert match, key
        call, command, parameter = match.groups()
        known = parameters(call) or ()
        assert (parameter is not None) == (key in further_flags.ARGUMENTS), key
        assert parameter in {None, *(one.name for one in known)}, key
        if command:  # a value of the parameter that says what is done
            assert index.MEMBERS[command] in {one.flags for one in known}, key
        assert known, key


def test_of_what_a_class_is() -> None:
    assert field_flags.of("open_how", "resolve") == ("ResolveFlags",)
    assert field_flags.of("open_how", "size") == ()
    assert further_flags.of("prctl", "arg2", "PR_SET_MM") == ("PrctlMm",)
    assert further_flags.of("futex", "op") == ("FutexFlags",)
    assert further_flags.returned("fcntl", "F_GETFD") == ("FdFlags",)
    assert further_flags.returned("adjtimex") == ("TimexState",)
    assert further_flags.of_call("futex") == {
        "op": ("FutexFlags",),
        "(FUTEX_WAKE_OP).val3": ("FutexWakeOp", "FutexWakeCompare"),
    }
    assert further_flags.of_call("adjtimex") == {"": ("TimexState",)}
    assert "(F_GETFD)" in further_flags.of_call("fcntl")


def test_the_classes_are_shown() -> None:
    assert "    resolve: uint64_t; RESOLVE_* bits: where the path may lead (ResolveFlags)" in str(
        structures.open_how.__doc__
    )
    assert "(FileMode)" in str(structures.open_how.mode.__doc__)
    assert re.search(r"    st_mode: unsigned \w+; FileType, FileMode", str(structures.stat.__doc__))
    field = next(one for one in structures.describe("epoll_event") if one.name == "events")
    assert field.flags == ("EpollEvents",)


def _classes(place: str) -> set[str]:
    """The classes of a parameter or of a field, on any ABI."""
    match = re.fullmatch(r"(\w+)(\(\w+\))?\.(\w+)", place)
    assert match, place
    name, command, inner = match.groups()
    own = {
        one.flags
        for abi in (None, *ABIS)
        for one in parameters(name, abi) or ()
        if one.name == inner and not command
    }
    further = {**further_flags.ARGUMENTS, **field_flags.FIELDS}.get(place, "").split()
    return own.union(further) - {""}


def test_members_that_are_taken_exist() -> None:
    """Each is of a class of its parameter or field; of none of these classes nothing is left."""
    for place, text in members.MEMBERS.items():
        some = set(text.split()) - {"but"}
        assert {index.MEMBERS.get(one) for one in some} <= _classes(place), place
        for name in _classes(place):
            known = {one for one, owner in index.MEMBERS.items() if owner == name}
            taken = members.taken(place, known)
            assert taken and taken <= known and (taken < known or len(_classes(place)) > 1), (place, name)


# How to ask the kernel of a value that it looks at before it does anything.
ASKED: dict[str, Callable[[int], object]] = {
    "execveat.flags": lambda flag: syscall("execveat", -1, "x", None, None, flag),
    "faccessat2.flags": lambda flag: syscall("faccessat2", -1, "x", 0, flag),
    "fchmodat2.flags": lambda flag: syscall("fchmodat2", -1, "x", 0, flag),
    "fchownat.flag": lambda flag: syscall("fchownat", -1, "x", 0, 0, flag),
    "getxattrat.at_flags": lambda flag: syscall("getxattrat", -1, "x", flag, "user.x", bytearray(16), 16),
    "setxattrat.at_flags": lambda flag: syscall("setxattrat", -1, "x", flag, "user.x", bytearray(16), 16),
    "listxattrat.at_flags": lambda flag: syscall("listxattrat", -1, "x", flag, None, 0),
    "removexattrat.at_flags": lambda flag: syscall("removexattrat", -1, "x", flag, "user.x"),
    "file_getattr.at_flags": lambda flag: syscall("file_getattr", -1, "x", bytearray(24), 24, flag),
    "file_setattr.at_flags": lambda flag: syscall("file_setattr", -1, "x", bytearray(24), 24, flag),
    "utimensat.flags": lambda flag: syscall("utimensat", -1, "x", None, flag),
    "newfstatat.flag": lambda flag: syscall("newfstatat", -1, "x", bytearray(256), flag),
    "statx.flags": lambda flag: syscall("statx", -1, "x", flag, 0, bytearray(256)),
    "linkat.flags": lambda flag: syscall("linkat", -1, "x", -1, "y", flag),
    "unlinkat.flag": lambda flag: syscall("unlinkat", -1, "x", flag),
    "mount_setattr.flags": lambda flag: syscall("mount_setattr", -1, "x", flag, bytearray(32), 32),
    "open_tree.flags": lambda flag: syscall("open_tree", -1, "x", flag | flags.OPEN_TREE_CLONE),
    "dup3.flags": lambda flag: syscall("dup3", -1, 5, flag),
    "pipe2.flags": lambda flag: syscall("pipe2", 1, flag),
    "waitid.options": lambda flag: syscall("waitid", 1, 1 << 22, None, flag | flags.WEXITED, None),
    "wait4.options": lambda flag: syscall("wait4", 1 << 22, None, flag, None),
    "getrusage.who": lambda who: syscall("getrusage", who, 1),
    "sched_get_priority_max.policy": lambda policy: syscall("sched_get_priority_max", policy),
    "clock_settime.which_clock": lambda clock: syscall("clock_settime", clock, 1),
    "clock_adjtime.which_clock": lambda clock: syscall("clock_adjtime", clock, bytearray(256)),
    "clock_gettime.which_clock": lambda clock: syscall("clock_gettime", clock, 1),
    "clock_nanosleep.which_clock": lambda clock: syscall("clock_nanosleep", clock, 0, 1, None),
    "timer_create.which_clock": lambda clock: syscall("timer_create", clock, None, 1),
    "timerfd_create.clockid": lambda clock: os.close(syscall("timerfd_create", clock, 0)),
    "futex_wait.flags": lambda flag: syscall("futex_wait", 4096, 0, 1, flag | flags.FUTEX_32, None, 0),
    "mbind.flags": lambda flag: syscall("mbind", 0, 0, 0, None, 0, flag),
    "move_pages.flags": lambda flag: syscall("move_pages", 0, 0, None, None, None, flag),
    "getsockopt.optname": lambda name: of_a_socket(lambda one: one.getsockopt(SOL_SOCKET, name, 64)),
    "setsockopt.optname": lambda name: of_a_socket(lambda one: one.setsockopt(SOL_SOCKET, name, bytes(16))),
}
# Taken, but not without what else it needs: a newer kernel, another configuration or socket.
NEEDY = set(
    """
    OPEN_TREE_NAMESPACE CLOCK_AUX CLOCK_AUX_LAST CLOCK_REALTIME_ALARM CLOCK_BOOTTIME_ALARM SO_INQ SO_PEERSEC
    """.split()
)


def of_a_socket(use: Callable[[socket], object]) -> None:
    one, other = socketpair()
    with one, other:
        use(one)


def answer(place: str, value: int) -> int:
    """The errno, or 0; a call that this kernel lacks skips the test."""
    try:
        ASKED[place](value)
    except OverflowError:
        return errno.EINVAL  # it does not fit
    except OSError as error:
        if error.errno == errno.ENOSYS:
            pytest.skip(f"this kernel has no {place.partition('.')[0]}")
        return error.errno or 0
    return 0


@pytest.mark.parametrize("place", ASKED)
def test_the_kernel_refuses_what_is_not_taken(place: str) -> None:
    """And on a kernel that is not much older than the table nothing else."""
    known = {
        one: int(getattr(flags, one)) for name in _classes(place) for one in getattr(flags, name).__members__
    }
    taken = members.taken(place, known)
    refused = {errno.ENOPROTOOPT} if "sockopt" in place else {errno.EINVAL, errno.EOPNOTSUPP}
    answers = {one: answer(place, value) for one, value in known.items()}
    # The other name of a value that is taken, and one that is not a bit, say nothing.
    alike = {known[one] for one in taken} | ({0} if "flag" in place else set())
    wrong = {one: answers[one] for one in known.keys() - taken if known[one] not in alike}
    assert {one: number for one, number in wrong.items() if number not in refused} == {}
    assert any(answers[one] not in refused for one in taken)
    if tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= (6, 18):
        assert {one: answers[one] for one in taken - NEEDY if answers[one] in refused} == {}
