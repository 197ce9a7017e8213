"""What strace shows of typed calls: the arguments that were meant, in their full width.

One process makes all the calls under strace. Calls that a bad descriptor or path decides get a different
number for each parameter, as wide as it is; what has to be different, and all structures, stand in `SHOWN`.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safe_calls
from paths import SUPPORT

from pysys import abi, numbers, parameters, structures
from pysys.policy.fate import fate

MARK = "/pysys-strace"
FD = 1001  # not open; the next parameter has the next
WIDE = 0x1122334455667788
LONG = abi.current().bits

# Bits of the types that are neither int nor unsigned int.
BITS = {
    "loff_t": 64,
    "u64": 64,
    "__u64": 64,
    "umode_t": 12,
    "old_uid_t": 16,
    "old_gid_t": 16,
    **dict.fromkeys(
        ["long", "unsigned long", "size_t", "off_t", "aio_context_t", "uintptr_t", "unsigned long"], LONG
    ),
}


UNSIGNED = re.compile(r"unsigned|u32|u64|__u|size_t|uint|.*[ugq]id_t|aio_context_t")


def value(one: parameters.Parameter, index: int, counts: set[str]) -> int:
    """A number for a parameter that no other one of its call has, and that needs its width."""
    kind = one.type.removeprefix("const ")
    bits = BITS.get(kind, 32)
    if one.name in counts:
        return 16 + index
    wide = (WIDE >> 64 - bits & ~0xF) + index
    return wide | 1 << bits - 1 if UNSIGNED.match(kind) else wide


def distinct(name: str) -> tuple[object, ...]:
    """Arguments for a call that a bad descriptor or path decides."""
    known = parameters.parameters(name, abi.current()) or ()
    counts = {word for one in known for word in re.findall(r"\w+", one.length)}
    args = list(safe_calls.safe(name)[0])
    for index, one in enumerate(known):
        if one.kind == "fd":
            args[index] = FD + index
        elif one.kind in ("int", "word"):
            args[index] = value(one, index, counts)
    return tuple(args)


def automatic() -> list[str]:
    """The calls whose arguments `distinct` makes."""
    explicit = safe_calls._by_hand().keys() | SHOWN.keys()
    return [
        name
        for name in sorted(numbers.table())
        if not fate(name).refusal
        and name not in explicit
        and safe_calls.family(name) not in explicit
        and parameters.parameters(name, abi.current())
    ]


SEC, NSEC = 0x12345678, 123456789
TIME = f"{{tv_sec={SEC}, tv_nsec={NSEC}}}"
SPAN = f"{{it_interval={{tv_sec=7, tv_nsec=8}}, it_value={TIME}}}"
# Arguments, as a function of a maker of a parameter's structure, and what is shown of them: "@" stands for
# an address or what is there, "~" for anything, at the end too; OR for another strace or ABI. No kernel
# carries one of them out: ids and flags are bad.
SHOWN: dict[str, tuple[Callable[[Maker], tuple[object, ...]], str]] = {
    "_llseek": (lambda s: (FD, WIDE >> 32, WIDE & 0xFFFFFFFF, bytearray(8), 7), f"1001, {WIDE}, @, 0x7"),
    "bind": (
        lambda s: (FD, struct.pack("=H6s", 1, b"/pysys"), 8),
        '1001, {sa_family=0x1, sun_path="/pysys"}, 8',
    ),
    "bpf": (
        lambda s: (0x7F, s("uattr").from_bytes(b"\x11\x22" + bytes(200)), 64, None, 0),
        "0x7f, @, 64",
    ),
    "capset": (
        lambda s: (
            s("header")(version=0x20080522, pid=0x7FFFFF1),
            s("data").array([{"effective": 1, "permitted": 2, "inheritable": 3}, {}]),
        ),
        "{version=0x20080522~, pid=134217713}, {effective=0x1, permitted=0x2, inheritable=0x3} OR @",
    ),
    "clock_nanosleep": (
        lambda s: (99, 1, s("rqtp")(tv_sec=SEC, tv_nsec=NSEC), None),
        f"0x63~, 0x1~, {TIME}, NULL",
    ),
    "clock_settime": (lambda s: (99, s("tp")(tv_sec=SEC, tv_nsec=NSEC)), f"0x63~, {TIME}"),
    "connect": (
        lambda s: (FD, struct.pack("=H2s4s8x", 2, b"\x12\x34", b"\x7f\0\0\x01"), 16),
        "1001, {sa_family=0x2, sin_port=~, sin_addr=~}, 16",
    ),
    "copy_file_range": (
        lambda s: (FD, bytearray(struct.pack("q", WIDE)), FD + 1, bytearray(struct.pack("q", 7)), 99, 0),
        f"1001, [{WIDE}], 1002, [7], 99, 0",
    ),
    "epoll_ctl": (
        lambda s: (FD, 1, FD + 2, s("event")(events=0x2001, data=WIDE)),
        f"1001, 0x1, 1003, {{events=0x2001, data=~{WIDE}}}}} OR "
        f"1001, 0x1, 1003, {{events=0x2001, data={WIDE:#x}}}",
    ),
    "epoll_pwait2": (
        lambda s: (FD, s("events")(), 1, s("timeout")(tv_sec=SEC, tv_nsec=NSEC), None, 8),
        "1001, @, 1, @, NULL, 8",
    ),
    "fcntl": (lambda s: (FD, 4, 0x800), "1001, 0x4, 0x800"),
    "futex": (
        lambda s: (bytearray(4), 0x7F, 6, None, None, 7),
        "@, 0x7f, ~6, NULL, NULL, ~7 OR @, 0x7f",
    ),
    "futex_waitv": (
        lambda s: (s("waiters").array([{"val": 5, "uaddr": 64, "flags": 2}, {"val": 6}]), 2, 0xFF, None, 1),
        "[{val=0x5, uaddr=0x40, flags=0x2}, {val=0x6, uaddr=NULL, flags=0}], 2, 0xff, NULL, 0x1",
    ),
    "getxattrat": (
        lambda s: (FD, "/nonexistent/pysys", 0xF0000000, "user.x", s("uargs")(size=3), 16),
        "0x3e9, @, 0xf0000000, @, @, 0x10 OR "
        '1001, "/nonexistent/pysys", 0xf0000000, "user.x", {value=NULL, size=3~}, 16',
    ),
    "io_uring_setup": (
        lambda s: (0, s("params")(flags=2, sq_thread_cpu=11, sq_thread_idle=12)),
        "0, {flags=0x2, sq_thread_cpu=~b, sq_thread_idle=12",
    ),
    "kexec_load": (lambda s: (0x1000, 0, None, 0x8000), "0x1000, 0, NULL, ~0x8000"),
    "landlock_create_ruleset": (
        lambda s: (s("attr")(handled_access_fs=0x3001), 8, 0x80000000),
        "{handled_access_fs=0x3001}, 8, 0x80000000 OR @, 8, 0x80000000",
    ),
    "mknod": (
        lambda s: (safe_calls.NOWHERE, 0o20640, 0x103),
        '"/nonexistent/pysys", 020640, ~0x103 OR "/nonexistent/pysys", 020640, ~0x1',
    ),
    "mknodat": (lambda s: (FD, safe_calls.NOWHERE, 0o20640, 0x103), '1001, "/nonexistent/pysys", 020640, '),
    "mount": (
        lambda s: ("source", safe_calls.NOWHERE, "kind", 0x401, "data=1"),
        '"source", "/nonexistent/pysys", "kind", 0x401, "data=1"',
    ),
    "mount_setattr": (
        lambda s: (
            FD,
            safe_calls.NOWHERE,
            0x80000000,
            s("uattr")(attr_set=1, attr_clr=2, propagation=3, userns_fd=4),
            32,
        ),
        '1001, "/nonexistent/pysys", 0x80000000, '
        "{attr_set=0x1, attr_clr=0x2, propagation=~3~, userns_fd=4}, 32",
    ),
    "mq_timedsend": (
        lambda s: (FD, b"pysys", 5, 6, s("u_abs_timeout")(tv_sec=SEC, tv_nsec=NSEC)),
        f'1001, "pysys", 5, 6, {TIME}',
    ),
    "msgsnd": (
        lambda s: (-1, struct.pack("l", 77) + b"pysys", 5, 0x800),
        '-1, {mtype=77, mtext="pysys"}, 5, 0x800',
    ),
    "nanosleep": (lambda s: (s("rqtp")(tv_sec=SEC, tv_nsec=-5), None), f"{{tv_sec={SEC}, tv_nsec=~}}, NULL"),
    "openat2": (
        lambda s: (FD, "pysys", s("how")(flags=0x40000, mode=0o7, resolve=WIDE), 24),
        f'1001, "pysys", {{flags=0x40000, ~resolve={WIDE:#x}}}, 24',
    ),
    "perf_event_open": (
        lambda s: (s("attr_uptr")(type=1, size=112, config=3), -1, -1, FD, 0x80),
        "{type=0x1, size=~, config=0x3~}, -1, -1, 1001, 0x80 OR {type=0x1, size=~, config=0x3",
    ),
    "ppoll": (
        lambda s: (
            s("ufds").array([{"fd": FD, "events": 1}]),
            1,
            s("tsp")(tv_sec=SEC, tv_nsec=NSEC),
            None,
            0,
        ),
        f"[{{fd=1001, events=0x1}}], 1, {TIME}, NULL, 0",
    ),
    "prlimit64": (
        lambda s: (0, 99, s("new_rlim")(rlim_cur=WIDE, rlim_max=5000), None),
        f"0, 0x63~, {{rlim_cur={WIDE}, rlim_max=5000}}, NULL",
    ),
    "process_vm_readv": (
        lambda s: (
            safe_calls.IMPOSSIBLE,
            s("lvec").array([{"iov_len": 0}]),
            1,
            s("rvec").array([{"iov_base": 4096, "iov_len": 5}]),
            1,
            9,
        ),
        f"{safe_calls.IMPOSSIBLE}, ~, 1, [{{iov_base=0x1000, iov_len=5}}], 1, 9",
    ),
    "preadv2": (
        lambda s: (FD, s("vec").array([{"iov_len": 3}]), 1, WIDE, 0x10),
        f"1001, ~, 1, {WIDE}, 0x10",
    ),
    "pwritev2": (
        lambda s: (FD, s("vec").array([{"iov_base": b"abc", "iov_len": 3}]), 1, WIDE, 0x10),
        f'1001, [{{iov_base="abc", iov_len=3}}], 1, {WIDE}, 0x10',
    ),
    "rt_sigaction": (
        lambda s: (99, s("act")(sa_flags=0x10000000), None, 8),
        "99, {sa_handler=~, sa_mask=[], sa_flags=0x10000000~}, NULL, 8",
    ),
    "rt_sigprocmask": (
        lambda s: (99, b"\0\2" + bytes(6), None, 8),
        "0x63~, [10], NULL, 8 OR 0x63~, [USR1], NULL, 8",
    ),
    "sched_setattr": (
        lambda s: (-1, s("uattr")(size=48, sched_policy=2, sched_nice=3, sched_runtime=WIDE), 0),
        "-1, {size=48, sched_policy=0x2, sched_flags=0, sched_nice=3, sched_priority=0, "
        f"sched_runtime={WIDE}",
    ),
    "semtimedop": (
        lambda s: (
            -1,
            s("tsops" if s.has("tsops") else "tsems").array([{"sem_num": 5, "sem_op": -6, "sem_flg": 0x800}]),
            1,
            s("timeout")(tv_sec=SEC, tv_nsec=NSEC),
        ),
        f"-1, [{{~5, ~-6, ~0x800}}], 1, {TIME}",
    ),
    "sendmsg": (
        lambda s: (
            FD,
            s("msg")(msg_iov=structures.iovec(iov_base=b"pysys", iov_len=5), msg_iovlen=1, msg_flags=0),
            0x40,
        ),
        '1001, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="pysys", iov_len=5}], msg_iovlen=1, '
        "msg_controllen=0, msg_flags=0}, 0x40",
    ),
    "recvmsg": (lambda s: (FD, s("msg")(msg_namelen=5), 0x40), "1001, @, 0x40 OR 1001, {msg_name~, 0x40"),
    "sendto": (
        lambda s: (FD, b"pysys", 5, 0x40, struct.pack("=H6s", 1, b"/pysys"), 8),
        '1001, "pysys", 5, 0x40, {sa_family=0x1, sun_path="/pysys"}, 8',
    ),
    "setitimer": (
        lambda s: (
            99,
            s("value")(it_interval={"tv_sec": 1, "tv_usec": 2}, it_value={"tv_sec": 3, "tv_usec": 4}),
            None,
        ),
        "0x63, {it_interval={tv_sec=1, tv_usec=2}, it_value={tv_sec=3, tv_usec=4}}, NULL",
    ),
    "setrlimit": (lambda s: (99, s("rlim")(rlim_cur=5, rlim_max=6)), "0x63, {rlim_cur=5, rlim_max=6}"),
    "setsockopt": (lambda s: (FD, 1, 2, struct.pack("i", 7), 4), "1001, 0x1, 0x2, [7], 4"),
    "sigaltstack": (
        lambda s: (s("uss")(ss_sp=4096, ss_flags=0x77, ss_size=5), None),
        "{ss_sp=0x1000, ss_flags=0x77, ss_size=5}, NULL",
    ),
    "splice": (
        lambda s: (FD, bytearray(struct.pack("q", WIDE)), FD + 2, None, 9, 0xF0),
        f"1001, [{WIDE}], 1003, NULL, 9, 0xf0",
    ),
    "swapon": (lambda s: (safe_calls.NOWHERE, 0x8001), '"/nonexistent/pysys", ~1'),
    "timer_create": (
        lambda s: (99, s("timer_event_spec")(sigev_signo=10, sigev_notify=1), bytearray(8)),
        "0x63~, {~sigev_signo=~, sigev_notify=0x1}, ~",
    ),
    "timer_settime": (
        lambda s: (
            -1,
            1,
            s("new_setting" if s.has("new_setting") else "new")(
                it_interval={"tv_sec": 7, "tv_nsec": 8}, it_value={"tv_sec": SEC, "tv_nsec": NSEC}
            ),
            None,
        ),
        f"-1, 0x1, {SPAN}, NULL",
    ),
    "timerfd_settime": (
        lambda s: (
            FD,
            1,
            s("utmr")(it_interval={"tv_sec": 7, "tv_nsec": 8}, it_value={"tv_sec": SEC, "tv_nsec": NSEC}),
            None,
        ),
        f"1001, 0x1, {SPAN}, NULL",
    ),
    "utime": (
        lambda s: (safe_calls.NOWHERE, s("times" if s.has("times") else "t")(actime=5, modtime=6)),
        '"/nonexistent/pysys", {actime=5~, modtime=6~}',
    ),
    "utimensat": (
        lambda s: (
            FD,
            safe_calls.NOWHERE,
            s("utimes" if s.has("utimes") else "t").array(
                [{"tv_sec": SEC, "tv_nsec": NSEC}, {"tv_sec": 7, "tv_nsec": 8}]
            ),
            0x100,
        ),
        f'1001, "/nonexistent/pysys", [{TIME}~, {{tv_sec=7, tv_nsec=8}}~], 0x100',
    ),
    "utimes": (
        lambda s: (
            safe_calls.NOWHERE,
            s("utimes" if s.has("utimes") else "t").array(
                [{"tv_sec": 5, "tv_usec": 6}, {"tv_sec": 7, "tv_usec": 8}]
            ),
        ),
        '"/nonexistent/pysys", [{tv_sec=5, tv_usec=6}~, {tv_sec=7, tv_usec=8}~]',
    ),
    "vmsplice": (
        # Of bytes it would be asked which end of the pipe it is.
        lambda s: (FD, s("uiov").array([{"iov_base": bytearray(b"abc"), "iov_len": 3}]), 1, 2),
        '1001, [{iov_base="abc", iov_len=3}], 1, 0x2',
    ),
    "write": (lambda s: (FD, b"pysys", 5), '1001, "pysys", 5'),
    "writev": (
        lambda s: (
            FD,
            s("vec").array([{"iov_base": b"abc", "iov_len": 3}, {"iov_base": b"de", "iov_len": 2}]),
            2,
        ),
        '1001, [{iov_base="abc", iov_len=3}, {iov_base="de", iov_len=2}], 2',
    ),
}


class Maker:
    """Gives the structure of a call's parameter, as this ABI has it."""

    def __init__(self, name: str) -> None:
        self.points = {one.name: one.points for one in parameters.parameters(name, abi.current()) or ()}

    def has(self, parameter: str) -> bool:
        return parameter in self.points

    def __call__(self, parameter: str) -> Any:
        return getattr(structures, self.points[parameter])


def by_hand() -> dict[str, str]:
    """The calls of this ABI that stand in SHOWN, a family under one name."""
    found = {name: name if name in SHOWN else safe_calls.family(name) for name in numbers.table()}
    return {name: entry for name, entry in found.items() if entry in SHOWN}


def arguments(name: str) -> tuple[object, ...]:
    entry = by_hand().get(name)
    return SHOWN[entry][0](Maker(name)) if entry else distinct(name)


def make() -> None:
    """In the traced process: every call between two marks."""
    from pysys import errors
    from pysys.calls import direct

    todo = [(name, arguments(name)) for name in sorted({*automatic(), *by_hand()})]
    for name, args in todo:
        function = getattr(direct, name)
        os.access(f"{MARK}/{name}", 0)
        try:
            function(*args)
        except errors.SyscallError:
            pass
        os.access(MARK, 0)


def trace(folder: str) -> dict[str, str]:
    """What strace shows of each call."""
    log = Path(folder, "log")
    command = ["strace", "-qqq", "-v", "-X", "raw", "-s", "64", "-e", "signal=none", "-o", str(log)]
    done = subprocess.run(
        [*command, sys.executable, __file__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SUPPORT), *sys.path])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = {}
    name = ""
    for line in log.read_text(errors="replace").splitlines():
        if MARK in line:
            mark = re.search(rf'{MARK}/?(.*)", 0', line)
            assert mark is not None, line
            name = mark[1]
        elif name and (name in found or not line.startswith(("brk(", "mmap", "munmap("))):
            found.setdefault(name, line)
    return found


def split(line: str) -> list[str]:
    """The arguments in a line of strace's."""
    inner = line[line.index("(") + 1 : re.search(r"\)\s+= (?!.*\)\s+= )", line).start()]  # type: ignore[union-attr]  # it is there
    parts, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(inner):
        if char == '"' and inner[index - 1] != "\\":
            quoted = not quoted
        if quoted:
            continue
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append(inner[start:index].strip())
            start = index + 1
    return [*parts, inner[start:].strip()] if inner else []


def number(text: str) -> int | None:
    """A number in any base, or several that strace joins: flags that it has names for, and others."""
    found = 0
    for part in text.split("|"):
        if not re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", part):
            return None
        found |= int(part, 8 if re.fullmatch(r"0\d+", part) else 0)
    return found


def wrong(name: str, line: str) -> list[str]:
    """What a line shows otherwise than it was meant."""
    if name in by_hand():
        pattern = SHOWN[by_hand()[name]][1]
        found = any(shows(form, line) for form in pattern.split(" OR "))
        return [] if found else [pattern]
    known = parameters.parameters(name, abi.current()) or ()
    args, shown = distinct(name), split(line)
    unknown = line.startswith("syscall_")  # to this strace: all as numbers, addresses of strings too
    if len(shown) != (6 if unknown else len(args)):
        return [f"{len(shown)} arguments"]
    return [
        f"{one.python}: {text}, not {arg!r}"
        for one, arg, text in zip(known, args, shown, strict=False)
        if not is_shown(one, arg, text, unknown)
    ]


def is_shown(one: parameters.Parameter, arg: object, text: str, unknown: bool) -> bool:
    if isinstance(arg, int):
        found = number(text)
        kind = one.type.removeprefix("const ")
        bits = 32 if one.kind == "fd" else BITS.get(kind, LONG if "*" in kind else 32)
        return found is not None and (found - arg) % (1 << bits) == 0
    if isinstance(arg, str):
        return text == f'"{arg}"' or (text.startswith("0x") and (unknown or one.kind == "string"))
    return True


def shows(form: str, line: str) -> bool:
    text = (
        re.escape(form).replace("@", r"(0x[0-9a-f]+|\{.*?\}|\[.*?\])").replace("\\~", "~").replace("~", ".*?")
    )
    return re.search(rf"\({text}", line) is not None


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_shown() -> None:
    """strace shows the arguments of typed calls as they were meant."""
    with tempfile.TemporaryDirectory() as folder:
        found = trace(folder)
    names = {*automatic(), *by_hand()}
    assert found.keys() == names
    assert len(names) >= 100
    surprises = {name: wrong(name, found[name]) for name in sorted(names)}
    shown = [f"{found[name]}: not {text}" for name, text in surprises.items() if text]
    assert not shown, "\n".join(shown)


if __name__ == "__main__":
    make()
