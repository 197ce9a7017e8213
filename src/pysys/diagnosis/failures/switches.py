"""Why a call is switched off here: settings of sysctl that say who may use bpf, perf, io_uring and others."""

from __future__ import annotations

import os

from pysys import flags
from pysys.diagnosis import identity, namespaces
from pysys.diagnosis.facts import Fact, read, sysctl
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, Verdict, judged
from pysys.diagnosis.failures.rights import right
from pysys.diagnosis.failures.wanted import lacking
from pysys.loading import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_LOCKDOWN = "/sys/kernel/security/lockdown"
_LOCKED = frozenset("init_module finit_module kexec_load kexec_file_load iopl ioperm bpf".split())
_MAP_CREATE, _PROG_LOAD, _BTF_LOAD, _PROG_QUERY = 0, 5, 18, 16
_ONLY_ADMIN = frozenset([11, 12, 13, 14, 20, 23, 30, 31, 32])  # commands that go through ids, and statistics
_FREE_MAPS = frozenset([1, 2, 3, 4, 5, 6, 8, 12, 13, 19, 21, 27, 31, 35])
_NETWORK_MAPS = frozenset([14, 15, 17, 18, 25])
_FREE_PROGRAMS = frozenset([1, 8])
_TRACEPOINT = 2
_USER_MODE_ONLY = 1
_READ_ALL, _SIZE_BUFFER = 3, 10
_SET_PIPE_SIZE = 1031


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about calls that a setting may forbid."""
    if look := _LOOKS.get((call, symbol)):
        yield from look(args)
    if symbol == "EPERM" and call in _LOCKED:
        yield from _lockdown()


def _number(found: Fact) -> int | None:
    try:
        return int(found.value) if found else None
    except ValueError:
        return None


def _set(name: str, closed: bool | None, text: str, read: str, advice: str = "") -> Finding:
    return judged(closed, text, f"{name} allows it.", read, advice or f"sysctl {name}")


def _held(*capabilities: int) -> tuple[bool | None, str]:
    """Whether one of these is there in the first user namespace, and what was read."""
    found = [right(one) for one in capabilities]
    held = [one.held for one in found]
    return (True if True in held else None if None in held else False), "; ".join(one.read for one in found)


def _lacks(held: bool | None) -> bool | None:
    return None if held is None else not held


# ---- bpf, perf, userfaultfd, io_uring ----


def _bpf(args: dict[str, Any]) -> Iterator[Finding]:
    command = arguments.integer(args, "cmd")
    if command in _ONLY_ADMIN:
        yield lacking((flags.CAP_SYS_ADMIN,), "first", f"bpf with command {command}")
    elif command == _PROG_QUERY:
        yield lacking((flags.CAP_NET_ADMIN, flags.CAP_SYS_ADMIN), "first", "BPF_PROG_QUERY")
    elif command in (_MAP_CREATE, _PROG_LOAD, _BTF_LOAD):
        held, source = _held(flags.CAP_BPF, flags.CAP_SYS_ADMIN)
        setting = sysctl("kernel.unprivileged_bpf_disabled")
        off, attr = _number(setting), args.get("uattr")
        token = any(getattr(attr, f"{one}_token_fd", 0) for one in ("map", "prog", "btf"))
        if command == _BTF_LOAD and not token:
            yield lacking((flags.CAP_BPF, flags.CAP_SYS_ADMIN), "first", "BPF_BTF_LOAD")
        elif off is not None:
            yield _set(
                "kernel.unprivileged_bpf_disabled",
                False if not off or held else None if token else _lacks(held),
                f"kernel.unprivileged_bpf_disabled is {off}: maps and programs take CAP_BPF.",
                f"kernel.unprivileged_bpf_disabled is {off}; {source}",
                "CAP_BPF, or a token of bpf (Linux 6.9)" + ("; 1 stays until a restart" if off == 1 else ""),
            )
        kind = getattr(attr, "map_type" if command == _MAP_CREATE else "prog_type", None)
        free = _FREE_MAPS if command == _MAP_CREATE else _FREE_PROGRAMS
        if off == 0 and isinstance(kind, int) and kind not in free and not token:
            network = command == _MAP_CREATE and kind in _NETWORK_MAPS
            needs = flags.CAP_NET_ADMIN if network else flags.CAP_BPF
            yield lacking((needs, flags.CAP_SYS_ADMIN), "first", f"A map or program of type {kind}")


def _perf(args: dict[str, Any]) -> Iterator[Finding]:
    """EACCES."""
    level, (held, source) = _number(sysctl(_PARANOID)), _held(flags.CAP_PERFMON, flags.CAP_SYS_ADMIN)
    if level is None:
        return
    attr, pid = args.get("attr_uptr"), arguments.integer(args, "pid")
    kernel = None if attr is None else not getattr(attr, "exclude_kernel", 1)
    read = f"{_PARANOID} is {level}; {source}"
    cases = (
        (level > 1, kernel, "what happens in the kernel (without exclude_kernel)"),
        (level > 0, pid == -1, "all that runs on a CPU (pid -1)"),
    )
    for closed, asked, what in cases:
        if asked is not False:
            text = f"{_PARANOID} is {level}: to measure {what} takes CAP_PERFMON."
            yield _set(
                _PARANOID, (closed and _lacks(held)) if asked else (None if closed else False), text, read
            )
    if level > 2:
        text = f"{_PARANOID} is {level}, which to kernels of some distributions means root alone."
        admin = right(flags.CAP_SYS_ADMIN).held
        yield Finding(Verdict.EXCLUDED if admin else Verdict.FITS, text, read)


def _tracepoint(args: dict[str, Any]) -> Iterator[Finding]:
    """EPERM."""
    level, (held, source) = _number(sysctl(_PARANOID)), _held(flags.CAP_PERFMON, flags.CAP_SYS_ADMIN)
    if level is not None and getattr(args.get("attr_uptr"), "type", None) == _TRACEPOINT:
        text = f"{_PARANOID} is {level}: a tracepoint takes CAP_PERFMON."
        yield _set(_PARANOID, level > -1 and _lacks(held), text, f"{_PARANOID} is {level}; {source}")


_PARANOID = "kernel.perf_event_paranoid"


def _userfaultfd(args: dict[str, Any]) -> Iterator[Finding]:
    name = "vm.unprivileged_userfaultfd"
    setting, asked = _number(sysctl(name)), arguments.integer(args, "flags")
    held, source = _held(flags.CAP_SYS_PTRACE)
    if setting is None or asked is None:
        return
    text = f"{name} is 0: faults of the kernel itself take CAP_SYS_PTRACE."
    closed = not setting and not asked & _USER_MODE_ONLY
    advice = "UFFD_USER_MODE_ONLY (Linux 5.11); /dev/userfaultfd (6.1); the sysctl"
    yield _set(name, closed and _lacks(held), text, f"{name} is {setting}; {source}", advice)


def _io_uring(args: dict[str, Any]) -> Iterator[Finding]:
    name = "kernel.io_uring_disabled"
    setting = _number(sysctl(name))
    if setting is None:
        return
    if setting == 2:
        yield _set(name, True, f"{name} is 2: no process may set up io_uring.", f"{name} is 2")
    elif setting == 1:
        group, (held, source) = _number(sysctl("kernel.io_uring_group")), _held(flags.CAP_SYS_ADMIN)
        groups = {os.getegid(), *os.getgroups()}
        # The group is one of the first user namespace.
        member: bool | None = group in groups
        if group is not None and group >= 0 and not namespaces.is_first("user").value:
            member = None
        closed = False if held or member else None if None in (held, member) else True
        text = f"{name} is 1: io_uring takes CAP_SYS_ADMIN, or the group of kernel.io_uring_group, {group}."
        yield _set(name, closed, text, f"{name} is 1; {source}; groups {', '.join(map(str, sorted(groups)))}")
    else:
        yield _set(name, False, "", f"{name} is 0")


# ---- filters and domains ----


def _filter(args: dict[str, Any]) -> Iterator[Finding]:
    """A filter of seccomp: EACCES; a domain of Landlock: EPERM."""
    privileges, may = identity.no_new_privs(), right(flags.CAP_SYS_ADMIN, "own")
    closed = False if privileges.value or may.held else None if not privileges else _lacks(may.held)
    yield judged(
        closed,
        "A process restricts itself only after prctl(PR_SET_NO_NEW_PRIVS), or with CAP_SYS_ADMIN.",
        "no_new_privs is set, or CAP_SYS_ADMIN is there.",
        f"no_new_privs: {privileges}; {may.read}",
        "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)",
    )


# ---- the rest of the machine ----


def _log(args: dict[str, Any]) -> Iterator[Finding]:
    name, kind = "kernel.dmesg_restrict", arguments.integer(args, "type")
    setting = _number(sysctl(name))
    if kind in (_READ_ALL, _SIZE_BUFFER) and setting == 0:
        yield _set(name, False, "", f"{name} is 0")
        return
    why = f"{name} is {setting}: reading" if kind in (_READ_ALL, _SIZE_BUFFER) else f"syslog with type {kind}"
    yield lacking((flags.CAP_SYSLOG,), "first", why)


def _disabled(name: str, what: str) -> Callable[[dict[str, Any]], Iterator[Finding]]:
    def look(args: dict[str, Any]) -> Iterator[Finding]:
        setting = _number(sysctl(name))
        if setting is not None:
            advice = "only a restart takes it back"
            yield _set(name, setting == 1, f"{name} is 1: {what}.", f"{name} is {setting}", advice)

    return look


_modules = _disabled("kernel.modules_disabled", "modules are neither loaded nor removed any more")
_kexec = _disabled("kernel.kexec_load_disabled", "another kernel cannot be loaded any more")


def _lockdown() -> Iterator[Finding]:
    found = read(_LOCKDOWN)
    if found and "[none]" not in found.value:
        text = "The kernel is locked down, which may forbid this."
        yield Finding(
            Verdict.FITS, text, f"{_LOCKDOWN}: {found}", "the kernel's log says what lockdown refused"
        )


def _pipe(args: dict[str, Any]) -> Iterator[Finding]:
    if arguments.integer(args, "cmd") != _SET_PIPE_SIZE:
        return
    most, wanted = _number(sysctl("fs.pipe-max-size")), arguments.integer(args, "arg")
    held, source = _held(flags.CAP_SYS_RESOURCE)
    if most is None or wanted is None:
        return
    text = f"A pipe may have {counted(most, 'byte')}, and {wanted} are wanted: that takes CAP_SYS_RESOURCE."
    read = f"fs.pipe-max-size is {most}; {source}"
    yield _set("fs.pipe-max-size", wanted > most and _lacks(held), text, read)


_LOOKS: dict[tuple[str, str], Callable[[dict[str, Any]], Iterator[Finding]]] = {
    ("bpf", "EPERM"): _bpf,
    ("delete_module", "EPERM"): _modules,
    ("fcntl", "EPERM"): _pipe,
    ("finit_module", "EPERM"): _modules,
    ("init_module", "EPERM"): _modules,
    ("io_uring_setup", "EPERM"): _io_uring,
    ("kexec_file_load", "EPERM"): _kexec,
    ("kexec_load", "EPERM"): _kexec,
    ("landlock_restrict_self", "EPERM"): _filter,
    ("perf_event_open", "EACCES"): _perf,
    ("perf_event_open", "EPERM"): _tracepoint,
    ("seccomp", "EACCES"): _filter,
    ("syslog", "EPERM"): _log,
    ("userfaultfd", "EPERM"): _userfaultfd,
}
