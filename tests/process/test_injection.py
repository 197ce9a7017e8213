"""Row I3: every system call of a start and of a wait fails, or is where a signal comes.

For each call of the caller, of a process between and of the child, up to the exec or the return to Python,
and for each errno that it can give: the exception is that errno's and names the call and the step, or the
start succeeds for a reason that stands in `SURVIVED`; no process, no descriptor, no signal mask, no hook is
left. tests/support/injector.py does it; what may come of it is written here, by hand.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import injector
import pytest
from c_library import MUSL
from injector import BEGIN, CLOSED, DONE, RETURNED, RUNS, Call, Result, Watch, mark
from isolated import need_root
from surroundings import (
    DIRECTORY,
    MAP,
    PROGRAM,
    USER,
    Surroundings,
    no_namespace,
    surroundings,
    without_cgroup,
)

from pysys import (
    OWN_ID,
    Child,
    CloneArgs,
    CloneFlags,
    calls,
    clone,
    clone3,
    errors,
    flags,
    fork,
    mounts,
    numbers,
    preload,
    spawn,
    vfork,
)
from pysys.metadata import load

# What our code makes of it, on any kernel; an emulated processor would take the better part of an hour.
pytestmark = [pytest.mark.isolated, pytest.mark.portable]

# ---- what is started and waited for ----


class Scenario(NamedTuple):
    kind: str  # "spawn"; "python": a child that returns to Python; "native"; "child": a wait
    call: Callable[[Surroundings, Any], Any]  # what is watched
    prepare: Callable[[Surroundings], Any] = lambda _: None
    threads: int = 0
    always: tuple[tuple[str, int], ...] = ()  # calls that a filter forbids all along
    root: bool = False
    refused: Callable[[], str] = lambda: ""


def starting(**settings: Any) -> Callable[[Surroundings, Any], Child]:
    return lambda w, _: spawn([w.program, "mark"], **settings)


CPUS = os.sched_getaffinity(0)
LIMIT = 30  # seconds: less, and a process that waits for a processor of a busy machine seems to hang


def everything(w: Surroundings, _: Any) -> Child:
    """What takes no privileges."""
    return spawn(
        [w.program, "mark"],
        cwd="sub",
        env={"A": "1"},
        stdin=subprocess.DEVNULL,
        stderr=5,
        fds={6: 7, 7: 6},
        umask=0o77,
        process_group=0,
        signal_mask=[signal.SIGTERM],
        signals_default=[signal.SIGUSR2],
        signals_ignored=[signal.SIGUSR1],
        rlimits={"CORE": 0, "NOFILE": 500},
        priority=7,
        affinity=CPUS,
        pdeathsig=signal.SIGUSR1,
        no_new_privs=True,
    )


MPOL_LOCAL = 4
YIELD = numbers.number("sched_yield")
FILTER = [(0x20, 0, 0, 0), (0x15, 0, 1, YIELD), (0x06, 0, 0, 0x5004D), (0x06, 0, 0, 0x7FFF0000)]


def confined(w: Surroundings, _: Any, **settings: Any) -> Child:
    """What few starts ask for."""
    return spawn(
        [w.program, "mark"],
        oom_score_adj=700,
        personality=0x0040000,
        timer_slack=12345,
        child_subreaper=True,
        scheduling=3,
        io_priority=(3, 0),
        keyring="pysys-test",
        landlock={"paths": {"/": "all", w.program: "read execute"}, "connect": [2], "scopes": "signal"},
        seccomp=FILTER,
        numa_policy=MPOL_LOCAL,
        **settings,
    )


def confined_with_privileges(w: Surroundings, _: Any, **more: Any) -> Child:
    return confined(
        w,
        _,
        hostname="box",
        domainname="realm",
        loopback=True,
        time_offsets={"monotonic": 10**9},
        coredump_filter=5,
        user=USER,
        capabilities=["kill", "chown"],
        ambient_caps=["kill"],
        securebits=1 << 6,
        **more,
    )


def launched(w: Surroundings, terminal: int) -> Child:
    """All of that below a process 1, in the foreground, with the parent's part in it."""
    return confined_with_privileges(
        w,
        terminal,
        init=True,
        before_exec=lambda child: child.send_signal(0),
        env={"LISTEN_PID": OWN_ID},
        controlling_terminal=terminal,
        foreground=terminal,
        namespaces_inside=CloneFlags.CLONE_NEWIPC,
    )


def with_mounts(w: Surroundings, _: Any) -> Child:
    entries = [
        mounts.bind(w.program, "/program", "ro"),
        mounts.devices(),
        mounts.file("/etc/text", "text"),
        mounts.overlay("/over", ["/etc", "/usr"]),
        mounts.bind("/nonexistent", optional=True),
        mounts.propagation("slave", "/dev"),
    ]
    return spawn(["/program", "mark"], root=mounts.tmpfs("/", "ro"), mounts=entries)


def no_landlock() -> str:
    abi = calls.landlock_abi()
    return "" if abi >= 6 else f"Landlock has version {abi} here, and its scopes need 6"


def waiting(method: str, *arguments: object, pidfd: bool = True) -> Scenario:
    """Of a child that ends, has ended, or does not."""

    def prepare(w: Surroundings) -> Child:
        w.ours, theirs = socket.socketpair()
        with theirs:
            child = spawn(
                [w.program, "hold" if method == "send_signal" else "mark"], stdout=theirs, pidfd=pidfd
            )
        if method != "send_signal":  # has ended, for its status to be the same each time
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        return child

    def call(_: Surroundings, child: Child) -> object:
        return getattr(child, method.split()[0])(*arguments)

    return Scenario("child", call, prepare)


def place() -> bytearray:
    return bytearray(4)


SPAWNS: dict[str, Scenario] = {
    "plain": Scenario("spawn", starting()),
    "everything": Scenario("spawn", everything),
    "without a pidfd": Scenario("spawn", starting(pidfd=False)),
    "without clone3": Scenario("spawn", starting(), always=(("clone3", errno.ENOSYS),)),
    "without close_range": Scenario("spawn", starting(), always=(("close_range", errno.ENOSYS),)),
    "by descriptors": Scenario(
        "spawn",
        lambda w, _: spawn(
            ["mark", "mark"], executable=PROGRAM, cwd=DIRECTORY, fds={PROGRAM: 5, DIRECTORY: 6}
        ),
    ),
    "terminal": Scenario(
        "spawn",
        lambda w, terminal: spawn([w.program, "mark"], controlling_terminal=terminal),
        lambda w: w.new_terminal(),
    ),
    "foreground": Scenario(
        "spawn",
        lambda w, terminal: spawn([w.program, "mark"], controlling_terminal=terminal, foreground=terminal),
        lambda w: w.new_terminal(),
    ),
    "own id": Scenario("spawn", starting(env={"LISTEN_PID": OWN_ID})),
    "before exec": Scenario("spawn", starting(before_exec=lambda child: child.send_signal(0))),
    "init": Scenario("spawn", starting(init=True), root=True, refused=partial(no_namespace, "pid")),
    "init and all": Scenario(
        "spawn",
        launched,
        lambda w: w.new_terminal(),
        root=True,
        refused=lambda: no_landlock() or no_namespace("time") or no_namespace("pid"),
    ),
    "inside": Scenario(
        "spawn",
        starting(namespaces_inside=CloneFlags.CLONE_NEWUTS),
        root=True,
        refused=partial(no_namespace, "uts"),
    ),
    "inside pid": Scenario(
        "spawn",
        starting(namespaces_inside=CloneFlags.CLONE_NEWPID),
        root=True,
        refused=partial(no_namespace, "pid"),
    ),
    "inside user": Scenario(
        "spawn",
        starting(namespaces_inside=CloneFlags.CLONE_NEWUSER),
        root=True,
        refused=partial(no_namespace, "user"),
    ),
    "mounts": Scenario("spawn", with_mounts, root=True, refused=partial(no_namespace, "mnt")),
    "program is missing": Scenario("spawn", lambda w, _: spawn(["/nonexistent/program"])),
    "confined": Scenario("spawn", confined, refused=no_landlock),
    "confined user": Scenario(
        "spawn",
        confined_with_privileges,
        root=True,
        refused=lambda: no_landlock() or no_namespace("time"),
    ),
    "chroot": Scenario(
        "spawn", lambda w, _: spawn([w.program, "mark"], chroot=w.jail, cwd="/inner"), root=True
    ),
    "user": Scenario(
        "spawn",
        starting(user=USER, group=USER, extra_groups=[1], ambient_caps=["CAP_KILL"], cwd="sub"),
        root=True,
    ),
    "maps": Scenario(
        "spawn",
        lambda w, _: spawn([w.program, "mark"], uid_map=MAP, gid_map=MAP, user=5),
        root=True,
        refused=partial(no_namespace, "user"),
    ),
    "namespaces": Scenario(
        "spawn",
        starting(namespaces=CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWUTS),
        root=True,
        refused=partial(no_namespace, "pid"),
    ),
    "time namespace": Scenario(
        "spawn",
        starting(namespaces=flags.CLONE_NEWTIME),
        root=True,
        refused=partial(no_namespace, "time"),
    ),
    "join": Scenario(
        "spawn",
        lambda w, _: spawn([w.program, "mark"], join_namespaces=[w.join("uts")]),
        lambda w: w.join("uts"),
        root=True,
        refused=partial(no_namespace, "uts"),
    ),
    "join pid": Scenario(
        "spawn",
        lambda w, _: spawn([w.program, "mark"], join_namespaces=[w.join("pid")]),
        lambda w: w.join("pid"),
        root=True,
        refused=partial(no_namespace, "pid"),
    ),
    "cgroup": Scenario(
        "spawn",
        lambda w, _: spawn([w.program, "mark"], cgroup=w.cgroup),
        lambda w: w.make_cgroup(),
        root=True,
        refused=without_cgroup,
    ),
    "cgroup without clone3": Scenario(
        "spawn",
        lambda w, _: spawn([w.program, "mark"], cgroup=w.cgroup),
        lambda w: w.make_cgroup(),
        always=(("clone3", errno.ENOSYS),),
        root=True,
        refused=without_cgroup,
    ),
}


class Started(NamedTuple):
    """A child of fork or clone, and its pidfd where it was asked for."""

    pid: int
    pidfd: int | None = None


def with_pidfd(w: Surroundings, _: Any) -> Started:
    where = place()
    pid = clone(pidfd=where)
    return Started(pid, int.from_bytes(where, "little" if where[0] else "big") if pid else None)


def clone3_with_pidfd(w: Surroundings, _: Any) -> Started:
    args = CloneArgs(pidfd=True)
    pid = clone3(args)
    return Started(pid, args.pidfd if pid else None)


FORKS: dict[str, Scenario] = {
    "fork": Scenario("python", lambda *_: Started(fork())),
    "kernel fork": Scenario("python", lambda *_: Started(fork(entry="kernel"))),
    "vfork": Scenario("python", lambda *_: Started(vfork())),
    "clone": Scenario("python", lambda *_: Started(clone())),
    "clone pidfd": Scenario("python", with_pidfd),
    "clone parent_tid": Scenario("python", lambda *_: Started(clone(parent_tid=place()))),
    "clone fn": Scenario("python", lambda *_: Started(clone(fn=leave))),
    "clone3": Scenario("python", lambda *_: Started(clone3(CloneArgs()))),
    "clone3 pidfd": Scenario("python", clone3_with_pidfd),
}


def leave() -> None:
    mark(RETURNED)
    os._exit(7)


STACK = bytearray(65536)


def native_function(*_: Any) -> object:
    from native import pointer

    return pointer("child_returns_7")


def native(_: Surroundings, function: Any) -> Started:
    return Started(clone(CloneFlags.CLONE_VM, fn=function, stack=STACK))


WITH_PIDFD = "wait|wait timeout|poll"
WAITS: dict[str, Scenario] = {
    f"{method}{'' if pidfd else ' without a pidfd'}": waiting(method, *arguments, pidfd=pidfd)
    for method, arguments in (("wait", ()), ("wait timeout", (10,)), ("poll", ()), ("send_signal", (9,)))
    for pidfd in (True, False)
}

BESIDE_A_THREAD = {"plain": SPAWNS["plain"], "user": SPAWNS["user"], **FORKS}
SCENARIOS = {
    **SPAWNS,
    **FORKS,
    **{f"{name} beside a thread": one._replace(threads=1) for name, one in BESIDE_A_THREAD.items()},
    "native": Scenario("native", native, native_function),
    **WAITS,
}


# ---- one run ----


class HandlersError(Exception):
    """What a handler of a signal raises."""


class Seen(NamedTuple):
    """The caller, at a mark."""

    descriptors: frozenset[int]
    children: frozenset[int]
    blocked: str


class Outcome(NamedTuple):
    result: Result
    seen: dict[int, Seen]  # by mark
    program: dict[str, object] | None  # what is seen of it when it runs

    @property
    def answer(self) -> dict[str, Any]:
        found = self.result.answer
        return found if isinstance(found, dict) else {"crash": found}


def seen(pid: int) -> Seen:
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    found: set[int] = set()
    for task in os.listdir(f"/proc/{pid}/task"):
        found.update(map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split()))
    descriptors = frozenset(
        int(number)
        for number in os.listdir(f"/proc/{pid}/fd")
        if CLOSED not in os.readlink(f"/proc/{pid}/fd/{number}")
    )
    return Seen(descriptors, frozenset(found), status["SigBlk"])


FIELDS = (
    *("Umask", "Uid", "Gid", "Groups", "SigBlk", "SigIgn", "SigCgt", "Cpus_allowed"),
    *("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs"),
)


def ids_of(pid: str) -> list[str]:
    """Its ids, in the PID namespaces from here to its own."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))


def program_seen(w: Surroundings, caller: int, pid: int) -> dict[str, object]:
    """A program that runs, from outside."""
    proc = f"/proc/{pid}"
    status = dict(line.split(":\t", 1) for line in Path(f"{proc}/status").read_text().splitlines())
    stat = Path(f"{proc}/stat").read_text().rpartition(")")[2].split()
    return {
        **{field: status.get(field) for field in FIELDS},
        "parent": stat[1] == str(caller) or ids_of(stat[1])[-1],
        "group": stat[2] == str(pid) or stat[2] == str(os.getpgrp()),
        "session": stat[3] == str(pid) or stat[3] == str(os.getsid(0)),
        "terminal": stat[4] != "0",
        "nice": stat[16],
        "limits": Path(f"{proc}/limits").read_text(),
        "places": [os.readlink(f"{proc}/{name}") for name in ("cwd", "root", "exe")],
        "descriptors": {int(n): os.readlink(f"{proc}/fd/{n}") for n in os.listdir(f"{proc}/fd")},
        "namespaces": [os.readlink(f"{proc}/ns/{kind}") == ours for kind, ours in w.namespaces.items()],
        "maps": [Path(f"{proc}/{name}").read_text().split() for name in ("uid_map", "gid_map")],
        "cgroup": Path(f"{proc}/cgroup").read_text(),
    }


# A mark of each hook that has run before a fork, and after one. No handler can come between: it is C.
_before: list[None] = []
_after: list[None] = []


def count_hooks() -> None:
    os.register_at_fork(
        before=partial(_before.append, None),
        after_in_parent=partial(_after.append, None),
    )


def unfinished_hooks() -> int:
    return len(_before) - len(_after)


def body(w: Surroundings, scenario: Scenario, prepared: Any) -> dict[str, Any]:
    """In the watched process: the call, what it led to, and what comes after it."""
    result: Any = None
    answer: dict[str, Any] = {}
    hooks = unfinished_hooks()
    mark(BEGIN)
    try:
        result = scenario.call(w, prepared)
        if isinstance(result, Started) and result.pid == 0:
            mark(RETURNED)
            os._exit(7)
    except BaseException as error:
        answer = {
            "error": type(error).__name__,
            "own": type(error).__module__.startswith("pysys"),
            **{name: getattr(error, name, None) for name in ("errno", "syscall", "step")},
        }
        error.__traceback__ = None
        del error
        if isinstance(result, (Child, Started)):  # a handler, when the child was handed over already
            answer = {"later": answer["error"]}
    mark(RETURNED)
    if isinstance(result, Started):
        answer |= {"pid": result.pid, "pidfd": result.pidfd}
        answer["status"] = os.waitstatus_to_exitcode(os.waitpid(result.pid, 0x40000000)[1])
        if result.pidfd is not None:
            os.close(result.pidfd)
    elif isinstance(result, Child):
        answer |= {"pid": result.pid, "pidfd": result.pidfd}
        answer["status"] = result.wait()
        result.close()
    elif isinstance(prepared, Child):
        answer["value"] = result
        with suppress(ProcessLookupError):
            if prepared.returncode is None:
                os.kill(prepared.pid, signal.SIGKILL)  # if it still waits for that
        try:
            answer["status"] = prepared.wait(5)
        except errors.ECHILD:
            answer["status"] = "unknown"
            with suppress(ChildProcessError):
                os.waitpid(prepared.pid, 0)
        prepared.close()
        if w.ours is not None:
            w.ours.close()
    mark(DONE)
    answer["hooks"] = unfinished_hooks() - hooks
    return answer


def run(w: Surroundings, name: str, **more: Any) -> Outcome:
    scenario = SCENARIOS[name]
    marks: dict[int, Seen] = {}
    program: dict[str, object] | None = None
    caller = 0

    def look(what: int, pid: int) -> None:
        nonlocal program, caller
        if what == RUNS:
            with suppress(OSError):  # it is killed meanwhile
                program = program_seen(w, caller, pid)
        elif what == BEGIN or pid == caller:
            caller = pid
            marks[what] = seen(pid)

    def prepare() -> Any:
        # The signal is the main thread's: in another one it would have its handler run at some later time.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        for _ in range(scenario.threads):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
        return scenario.prepare(w)

    watch = Watch(prepare, partial(body, w, scenario), look, always=dict(scenario.always), **more)
    return Outcome(watch.run(LIMIT), marks, program)


# ---- what may come of an error ----


def symbols(names: str) -> list[int]:
    return [getattr(errno, name) for name in names.split() if hasattr(errno, name)]


# The same call has another name on another architecture.
SAME = {
    "fcntl64": "fcntl",
    "fstatat64": "newfstatat",
    "lstat": "newfstatat",
    "mmap2": "mmap",
    "ppoll_time64": "ppoll",
    "send": "sendto",
    "setgroups32": "setgroups",
    "setresgid32": "setresgid",
    "setresuid32": "setresuid",
    "sigprocmask": "rt_sigprocmask",
    "stat": "newfstatat",
    "stat64": "newfstatat",
    "statx": "newfstatat",
    "open": "openat",
}


def plain_name(name: str | None) -> str | None:
    word = name.split()[0] if name else None
    return SAME.get(word, word) if word else None


class Survived(NamedTuple):
    """Calls whose failure a start or a wait survives."""

    calls: str
    errnos: str  # "all", or some
    why: str
    roles: str = "caller"
    scenarios: str = "*"
    may_fail: bool = False  # whether it may as well be raised


ALL_ROLES, CHILDREN = "caller first second", "first second"
SURVIVED = {
    "spawn": (
        Survived(
            "clone3",
            "ENOSYS EPERM EINVAL",
            "missing, filtered, before Linux 5.5: clone says the same",
            scenarios="plain|plain beside a thread|everything|confined|without a pidfd|without close_range|"
            "by descriptors|terminal|program is missing|chroot|namespaces|join|join pid|foreground|own id|"
            "inside|inside pid|mounts",
        ),
        Survived(
            "clone3",
            "ENOSYS E2BIG EINVAL EBADF",
            "before 5.7, or a cgroup of version 1: the child moves there",
            scenarios="cgroup",
        ),
        Survived("clone clone3", "EINVAL", "before 5.2: without a pidfd", may_fail=True),
        Survived("ioctl", "all", "before 4.11 the kind of a namespace is not known"),
        Survived(
            *("newfstatat", "all", "where children go is not seen: it is taken to be here"),
            scenarios="join pid|inside pid",
            may_fail=True,
        ),
        Survived("pidfd_open", "ENOSYS EPERM", "before 5.3, or filtered: without a pidfd"),
        Survived(
            "pidfd_send_signal", "ESRCH", "before_exec's: it has ended", scenarios="before exec|init and all"
        ),
        Survived(
            "pidfd_open", "ESRCH", "reaped by somebody else: without a pidfd", scenarios="join pid|inside pid"
        ),
        Survived("write", "EPERM", "gid_map: setgroups is given up, as the kernel wants it", may_fail=True),
        Survived("rt_sigprocmask", "all", "at the end, when the program runs", may_fail=True),
        Survived("openat", "EINTR", "tried again", may_fail=True),
        Survived(
            *("openat", "all", "how often memory ran out before is not known"),
            scenarios="cgroup|cgroup without clone3",
            may_fail=True,
        ),
        Survived("openat", "EACCES", "not dumpable: the child is, for that time", scenarios="maps"),
        Survived("wait4 read", "EINTR", "it goes on waiting", ALL_ROLES),
        Survived(
            "chdir rt_sigtimedwait prctl:4", "all", "process 1 does what it can", "first", "init|init and all"
        ),
        Survived(
            *("openat read", "all", "process 1 keeps more memory", "first", "init|init and all"),
            may_fail=True,
        ),
        Survived("kill", "all", "likewise", "first", "init|init and all"),
        Survived(
            "close_range",
            "all",
            "before 5.11, or filtered: each by itself, in a table copied by the kernel",
            CHILDREN,
        ),
        Survived("clone3", "EPERM", "filtered: without sharing the table", scenarios="cgroup"),
        Survived(
            "clone",
            "EPERM EINVAL",
            "filtered: without sharing the table",
            scenarios="without clone3|cgroup without clone3",
        ),
        Survived("rt_sigaction", "all", "of a signal that is not caught", CHILDREN, may_fail=True),
        Survived("fcntl", "all", "another number is tried", "first", "everything|by descriptors", True),
        *([Survived("fcntl", "all", "musl's open sets CLOEXEC again", may_fail=True)] * MUSL),
        Survived(
            "fcntl",
            "all",
            "one that is not inheritable",
            CHILDREN,
            scenarios="without close_range",
            may_fail=True,
        ),
        Survived(
            "chdir",
            "EACCES",
            "where only the new user may go",
            "first",
            scenarios="user|user beside a thread",
        ),
        Survived("ppoll", "all", "whether the parent is still there is asked again", CHILDREN),
        Survived("prctl:23", "EINVAL", "capabilities above the kernel's last one", CHILDREN, may_fail=True),
        Survived("landlock_add_rule", "EINVAL", "a file has not all rights", may_fail=True),
        Survived("execve execveat", "ETXTBSY", "tried again", CHILDREN, may_fail=True),
        Survived("openat2", "ENOENT", "a target that is missing is made", "first", "mounts", may_fail=True),
        Survived(
            "readlink openat newfstatat lseek read",
            "all",
            "of the user namespace and the root, which are held for ordinary ones",
            scenarios="mounts",
            may_fail=True,
        ),
        Survived("openat", "ENOTDIR EEXIST", "what is bound is a file", "first", "mounts", may_fail=True),
        Survived("open_tree", "ENOENT", "it may be missing", "first", "mounts", may_fail=True),
    ),
    "python": (
        Survived("newfstatat", "all", "the number of threads is not known: as with several"),
        Survived("get_robust_list", "all", "as where there is none", ALL_ROLES),
        Survived("set_robust_list set_tid_address", "all", "as where there is none", ALL_ROLES),
        # Beside a thread musl's fork() makes the call, too.
        Survived("fork", "ENOSYS", "filtered: clone says the same", may_fail=MUSL),
        Survived("clone3", "ENOSYS EPERM", "missing, filtered: clone says the same", ALL_ROLES),
        Survived("rt_sigprocmask", "all", "the C library's, or at the end", "caller first", may_fail=True),
        Survived("rt_sigprocmask", "all", "there is nobody to tell", "second"),
        Survived("process_vm_writev", "all", "filtered: through a pipe", may_fail=True),
        Survived("sendmsg", "all", "the pidfd comes by pidfd_open", "first"),
        Survived("recvmsg", "all", "the pidfd comes by pidfd_open"),
        Survived("pidfd_open", "all", "it is waited for by its id"),
        Survived("waitid", "EINVAL", "before 5.4 a pidfd is not waited for: its id"),
        Survived("wait4 waitid", "EINTR", "it goes on waiting"),
        Survived(
            "clone3", "all", "clone says why", "first", scenarios="clone pidfd beside a thread", may_fail=True
        ),
    ),
    "native": (
        Survived("process_vm_writev", "all", "filtered: through a pipe", may_fail=True),
        Survived("rt_sigprocmask", "all", "at the end", may_fail=True),
        Survived("rt_sigprocmask rt_sigaction", "all", "there is nobody to tell", "first"),
    ),
    "child": (
        Survived("waitid ppoll", "EINTR", "it goes on waiting"),
        Survived("waitid", "EINVAL EAGAIN", "not for a pidfd, or not for this one", scenarios=WITH_PIDFD),
        Survived("pidfd_send_signal kill", "ESRCH", "it has ended"),
        Survived("waitid", "ECHILD ESRCH", "it is gone", scenarios="send_signal without a pidfd"),
        Survived("pidfd_open", "all", "before 5.3, or no descriptor is left: by the id"),
    ),
    "all": (
        Survived("close", "all", "the descriptor is closed all the same", ALL_ROLES, may_fail=True),
        Survived("munmap", "all", "nothing depends on it", ALL_ROLES),
    ),
}


class NotTried(NamedTuple):
    scenarios: str  # how their names begin
    call: str
    index: int  # type: ignore[assignment]  # tuple.index is not used; 0: each
    errnos: str  # "all", or some
    why: str


NOT_TRIED = (
    NotTried("", "wait4", 0, "ECHILD EINVAL ENOSYS EPERM", "nobody else can reap the process"),
    NotTried("vfork", "waitid", 0, "EAGAIN ECHILD ENOSYS EPERM ESRCH", "likewise"),
    NotTried("mounts", "mkdirat", 0, "EEXIST", "it is not there"),
    NotTried("mounts", "openat", 0, "EEXIST", "likewise"),
    NotTried("mounts", "read", 0, "EAGAIN", "files of /proc do not block"),
    # There is such a namespace in test_spawn_listener.py.
    NotTried(
        "join pid", "newfstatat", 3, "ENOENT", "children go where there is no process yet: another refusal"
    ),
    NotTried("inside pid", "newfstatat", 3, "ENOENT", "likewise"),
    *([NotTried("", "mmap", 0, "EPERM", "musl makes ENOMEM of it")] * MUSL),
    NotTried("poll", "waitid", 0, "EINTR", "it does not wait"),
    NotTried("init", "close_range", 2, "all", "a million calls follow, and each is asked about"),
    NotTried("init", "waitid", 0, "all", "process 1 cannot do without it"),
    NotTried("send_signal", "waitid", 0, "EINTR", "it does not wait"),
    NotTried("fork", "rt_sigprocmask", 0, "all", "the C library does not look at what it gives"),
    NotTried("", "waitid", 2, "all", "the child is there: it has just told that it has ended"),
    NotTried("without close_range", "fcntl", 0, "EBADF", "it is open"),
    NotTried("without close_range", "openat", 0, "all", "a million calls follow, and each is asked about"),
    NotTried("without close_range", "getdents64", 0, "all", "likewise"),
)

OF_SELF = ("oom_score_adj", "coredump_filter", "time_offsets")  # in /proc

MOUNTS = ("mounts", "root")
# Which parameters of spawn a call is made for; None: for none of them.
STEPS: dict[str, tuple[str | None, ...]] = {
    "capget": ("ambient_caps", "capabilities", "seccomp", "landlock"),
    "capset": ("ambient_caps", "capabilities"),
    "chdir": ("cwd", "chroot", "root"),
    "chroot": ("chroot",),
    "clone": (None, "join_namespaces", "namespaces_inside", "init"),
    "clone3": (None, "cgroup"),
    "dup3": ("stdin", "stdout", "stderr", "fds"),
    "execve": ("executable",),
    "execveat": ("executable",),
    "fchdir": ("cwd", "root"),
    "fcntl": (
        *("stdin", "stdout", "stderr", "fds", "close_fds", "cgroup", "controlling_terminal", "cwd"),
        *("executable", "foreground", "join_namespaces"),
    ),
    "getpgid": ("foreground",),
    "ioctl": ("controlling_terminal", "foreground", "loopback"),
    "ioprio_set": ("io_priority",),
    "keyctl": ("keyring",),
    "landlock_add_rule": ("landlock",),
    "landlock_create_ruleset": ("landlock",),
    "landlock_restrict_self": ("landlock",),
    "openat": ("stdin", "cgroup", "uid_map", "gid_map", "landlock", "mounts", "namespaces_inside", *OF_SELF),
    "personality": ("personality",),
    "prctl 1": ("pdeathsig",),
    "prctl 23": ("capabilities",),
    "prctl 24": ("capabilities",),
    "prctl 28": ("securebits",),
    "prctl 29": ("timer_slack",),
    "prctl 36": ("child_subreaper",),
    "prctl 38": ("no_new_privs", "landlock"),
    "prctl 4": ("uid_map", "gid_map"),
    "prctl 47": ("ambient_caps", "capabilities"),
    "prctl 8": ("ambient_caps", "capabilities"),
    "prlimit64": ("rlimits",),
    "read": (None, "uid_map", "gid_map"),
    "rt_sigaction": (None, "signals_ignored", "signals_default", "restore_signals"),
    "rt_sigprocmask": (None, "signal_mask"),
    "sched_setaffinity": ("affinity",),
    "sched_setscheduler": ("scheduling",),
    "seccomp": ("seccomp",),
    "sendto": (None, "uid_map", "gid_map"),
    "set_mempolicy": ("numa_policy",),
    "setdomainname": ("domainname",),
    "setgroups": ("extra_groups",),
    "sethostname": ("hostname",),
    "setns": ("join_namespaces", "time_offsets"),
    "setpgid": ("process_group",),
    "setpriority": ("priority",),
    "setresgid": ("group",),
    "setresuid": ("user",),
    "setsid": ("start_new_session", "controlling_terminal"),
    "socket": ("loopback",),
    "socketpair": (None, "uid_map", "gid_map"),
    "unshare": ("time_offsets", "mounts", "namespaces_inside"),
    "write": ("uid_map", "gid_map", "cgroup", "mounts", "namespaces_inside", *OF_SELF),
    "pivot_root": ("root",),
    "umount2": ("root",),
    **dict.fromkeys(("fsconfig", "fsmount", "fsopen", "mkdirat", "mount_setattr", "move_mount"), MOUNTS),
    **dict.fromkeys(("open_tree", "openat2", "symlinkat"), MOUNTS),
}


def survives(name: str, call: Call, number: int) -> Survived | None:
    word = plain_name(call.name)
    for one in SURVIVED[SCENARIOS[name].kind] + SURVIVED["all"]:
        if (
            call.role in one.roles.split()
            and {word, call.name.replace(" ", ":")} & {*one.calls.split()}
            and (one.errnos == "all" or number in symbols(one.errnos))
            and (one.scenarios == "*" or name in one.scenarios.split("|"))
        ):
            return one
    return None


def named(name: str, call: Call) -> set[str | None]:
    """The calls that the exception may name: this one; of what is like fork, the function as well."""
    own = {plain_name(call.name)}
    kind = SCENARIOS[name].kind
    if kind in ("python", "native"):
        own.add("clone" if kind == "native" else name.removeprefix("kernel ").split()[0])
    return own


def complaints(name: str, call: Call, number: int, plain: Outcome, found: Outcome) -> Iterator[str]:
    """What is wrong with what came of this error."""
    if why := not_ended(found):
        yield why
        return
    answer, wanted = found.answer, plain.answer
    survived = survives(name, call, number)
    if "error" in answer and (answer != wanted or not survived):
        yield from told_wrongly(name, call, number, answer, survived)
    elif "error" not in answer:
        if not survived:
            yield "succeeds"
        yield from works_otherwise(answer, wanted, plain, found, survived)
    yield from left_behind(name, plain, found, call, number)


def not_ended(found: Outcome) -> str:
    if found.result.status is None:
        return f"hangs: {'; '.join(found.result.left)}"
    if found.result.status != 0 or "crash" in found.answer or DONE not in found.seen:
        return f"ended with {found.result.status}: {found.answer}"
    return ""


def told_wrongly(
    name: str, call: Call, number: int, answer: dict[str, Any], survived: Survived | None
) -> Iterator[str]:
    told = f"{answer['error']} from {answer['syscall']}"
    if plain_name(call.name) == "newfstatat" and number == errno.ENOENT and answer["error"] == "RefusedError":
        return  # as if the children's pid namespace had no process
    if survived and not survived.may_fail:
        yield f"{told}, though {survived.why}"
    elif not answer["own"]:
        yield f"{told}, which is not the package's"
    elif answer["errno"] != number or plain_name(answer["syscall"]) not in named(name, call):
        yield told
    elif SCENARIOS[name].kind == "spawn":
        steps = STEPS.get(call.name, STEPS.get(str(plain_name(call.name)), (None,)))
        if answer["step"] not in steps:
            yield f"{told}, step {answer['step']}, not {' or '.join(map(str, steps))}"


def works_otherwise(
    answer: dict[str, Any], wanted: dict[str, Any], plain: Outcome, found: Outcome, survived: Survived | None
) -> Iterator[str]:
    if found.program != plain.program:
        yield f"the program finds {difference(found.program, plain.program)}"
    for what in ("value", "status"):
        if answer.get(what) != wanted.get(what):
            yield f"{what} is {answer.get(what)}, not {wanted.get(what)}"
    without = survived and "without a pidfd" in survived.why
    if (answer.get("pidfd") is None) != (wanted.get("pidfd") is None) and not without:
        yield "it has no pidfd"


def left_behind(
    name: str, plain: Outcome, found: Outcome, call: Call | None = None, number: int = 0
) -> Iterator[str]:
    """What there is afterwards that was not there before, beside the child."""
    answer, begin, returned, done = found.answer, *(found.seen[at] for at in (BEGIN, RETURNED, DONE))
    own_pidfd = {answer["pidfd"]} if answer.get("pidfd") is not None else set()
    if left := returned.descriptors - begin.descriptors - own_pidfd:
        yield f"descriptors are left: {sorted(left)}"
    if left := done.descriptors - begin.descriptors:
        yield f"descriptors are left at the end: {sorted(left)}"
    if left := returned.children - begin.children - {answer.get("pid", 0)}:
        yield f"processes are left: {len(left)}"
    if found.result.left:
        yield f"left at the end: {'; '.join(found.result.left)}"
    if answer["hooks"]:
        yield f"{answer['hooks']} hooks more have run before a fork than after it"
    if returned.blocked != begin.blocked and not (call and takes_no_mask_back(call, plain)):
        yield f"blocked are {returned.blocked}, not {begin.blocked}"
    lost = number == errno.ECHILD  # what was injected says that somebody else has reaped it
    if SCENARIOS[name].kind == "child" and answer.get("status") != plain.answer["status"] and not lost:
        yield f"later its status is {answer.get('status')}"


def takes_no_mask_back(call: Call, plain: Outcome) -> bool:
    """Whether it is the last that sets the signal mask: then nobody can."""
    last = max(one.index for one in plain.result.calls if one[:2] == call[:2])
    return plain_name(call.name) == "rt_sigprocmask" and call.index == last > 1


def difference(found: dict[str, object] | None, wanted: dict[str, object] | None) -> str:
    if found is None or wanted is None:
        return f"{'nothing' if found is None else 'something'}: it does not run"
    return ", ".join(
        f"{key} {found.get(key)}, not {wanted.get(key)}"
        for key in wanted
        if found.get(key) != wanted.get(key)
    )


def errnos_of(name: str, call: Call) -> list[int]:
    """What the manual says, and what filters and signals give."""
    word = call.name.split()[0]
    told = load.documented(word) or load.documented(plain_name(word) or word)
    known = symbols(" ".join(("EPERM", "ENOSYS", "EINTR", *told)))
    never = {
        number
        for one in NOT_TRIED
        if one.call == word and one.index in (0, call.index) and name.startswith(one.scenarios)
        for number in (known if one.errnos == "all" else symbols(one.errnos))
    }
    return [number for number in dict.fromkeys(known) if number not in never]


def calls_of(plain: Outcome, every: bool) -> list[Call]:
    """The calls to try; of a long row of the same, the first two and the last."""
    if every:
        return plain.result.calls
    last: dict[tuple[str, str], int] = {}
    for call in plain.result.calls:
        last[call[:2]] = call.index
    return [c for c in plain.result.calls if c.index <= 2 or last[c[:2]] <= 6 or c.index == last[c[:2]]]


def tried(w: Surroundings, name: str, every: bool) -> list[str]:
    """What is wrong after each call has failed: with each errno, or with two of them."""
    plain, wrong, missed = run(w, name), [], []
    for turn, call in enumerate(calls_of(plain, every)):
        if call.name in dict(SCENARIOS[name].always):
            continue
        numbers = errnos_of(name, call)
        if numbers and not every:
            numbers = [numbers[turn % min(3, len(numbers))], numbers[-1 - turn % len(numbers)]]
        for number in dict.fromkeys(numbers):
            found = run(w, name, at=call, do=number)
            if not found.result.reached:
                missed.append(call)
            elif reasons := list(complaints(name, call, number, plain, found)):
                wrong.append(f"{call} {errno.errorcode[number]}: {'; '.join(reasons)}")
    # Some depend on which of two processes is faster.
    assert len(set(missed)) <= len(plain.result.calls) // 10, missed
    return wrong


# ---- what may come of a signal ----


def handler_that_raises(*_: object) -> None:
    raise HandlersError


def interrupted(w: Surroundings, name: str, raises: bool) -> list[str]:
    """A signal at each of the caller's calls, whose handler raises, or returns."""
    plain, wrong, came = run(w, name), [], 0
    signal.signal(signal.SIGALRM, handler_that_raises if raises else lambda *_: None)
    for call in calls_of(plain, every=True):
        if call.role != "caller":
            continue
        found = run(w, name, at=call, do=lambda pids: os.kill(pids["caller"], signal.SIGALRM))
        came += found.result.reached
        if found.result.reached and (reasons := list(after_a_handler(name, raises, plain, found))):
            wrong.append(f"{call}: {'; '.join(reasons)}")
    assert came
    return wrong


def after_a_handler(name: str, raises: bool, plain: Outcome, found: Outcome) -> Iterator[str]:
    """The exception is the handler's, and nothing is left; or it came when the child was handed over."""
    if why := not_ended(found):
        yield why
        return
    answer = found.answer
    # The interpreter prints what a handler raises while a hook runs, after os.fork, too.
    in_hook = SCENARIOS[name].kind == "python"
    if raises and HandlersError.__name__ not in (answer.get("error"), answer.get("later")) and not in_hook:
        yield f"the handler's exception is lost: {answer}"
    if answer.get("error") != HandlersError.__name__:
        if answer.get("error") != plain.answer.get("error"):
            yield f"{answer['error']} from {answer['syscall']}" if "error" in answer else "succeeds"
        else:
            yield from works_otherwise(answer, plain.answer, plain, found, None)
    yield from left_behind(name, plain, found)


def kill(role: str, pids: dict[str, int]) -> None:
    with suppress(ProcessLookupError):  # it has ended already
        os.kill(pids[role], signal.SIGKILL)


def killed(w: Surroundings, name: str, every: bool) -> list[str]:
    """SIGKILL for the processes that are made, at each of their calls, and for one between at its child's."""
    plain, wrong = run(w, name), []
    for call in calls_of(plain, every):
        for role in {"first": ["first"], "second": ["first", "second"]}.get(call.role, []):
            found = run(w, name, at=call, do=partial(kill, role))
            if found.result.reached and (reasons := list(after_a_kill(name, plain, found))):
                wrong.append(f"{role} killed at {call}: {'; '.join(reasons)}")
    return wrong


def after_a_kill(name: str, plain: Outcome, found: Outcome) -> Iterator[str]:
    """A child that was killed, or EAGAIN, as where none could be made; or it was made already."""
    if why := not_ended(found):
        yield why
        return
    answer = found.answer
    if "error" in answer:
        if answer["errno"] != errno.EAGAIN and answer != plain.answer:
            yield f"{answer['error']} from {answer['syscall']}"
    elif answer["status"] not in (-signal.SIGKILL, 128 + signal.SIGKILL, plain.answer.get("status")):
        yield f"status is {answer['status']}"
    yield from left_behind(name, plain, found)


# ---- the tests ----


def check(name: str, tries: Callable[[Surroundings, str], list[str]]) -> None:
    scenario = SCENARIOS[name]
    if scenario.root:
        need_root()
    injector.need()
    if why := scenario.refused():
        pytest.skip(why)
    if scenario.kind == "native":
        native_function()  # which may have to be built
    warm_up()
    with surroundings("root" if os.geteuid() == 0 else "user") as w:
        if scenario.kind != "child":
            scenario.prepare(w)  # what it needs is there, and inherited
        gc.collect()
        gc.freeze()  # so that no collection makes calls
        wrong = tries(w, name)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def warm_up() -> None:
    """What is imported or found out once is not part of what is watched."""
    preload()
    pid = fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    spawn(["true"]).wait(10)
    warnings.simplefilter("ignore")
    count_hooks()


# The others are slow: they differ from these in little.
OFTEN = {
    *("plain", "everything", "user", "maps", "join pid", "program is missing"),
    *("kernel fork", "kernel fork beside a thread", "clone3 pidfd beside a thread", "native"),
    *WAITS,
}


def scenarios(often: set[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "name",
        [name if name in often else pytest.param(name, marks=pytest.mark.thorough) for name in SCENARIOS],
    )


def test_S3_pdeathsig_of_a_parent_that_has_ended() -> None:
    """Of a parent that ends before the signal is asked for, the kernel says nothing: no program runs."""
    ran = False

    def look(what: int, _: int) -> None:
        nonlocal ran
        ran = ran or what == RUNS

    def end_parent(pids: dict[str, int]) -> None:
        os.kill(pids["caller"], signal.SIGKILL)
        os.waitid(os.P_PID, pids["caller"], os.WEXITED | os.WNOWAIT)

    injector.need()
    with surroundings("root" if os.geteuid() == 0 else "user") as w:

        def body(_: object) -> None:
            mark(BEGIN)
            spawn([w.program, "mark"], pdeathsig=signal.SIGUSR1).wait()  # its end would be the program's

        def watched(at: Call | None) -> Result:
            return Watch(lambda: None, body, look, at, end_parent, orphans=True).run(LIMIT)

        prctl = Call("first", "prctl 1", 1)  # PR_SET_PDEATHSIG
        assert prctl in watched(None).calls
        assert ran
        ran = False
        found = watched(prctl)
        assert (found.reached, found.status) == (True, -signal.SIGKILL)
        assert not ran
        assert all(one.startswith("first Z ") for one in found.left)  # it has ended


def test_S10_a_child_is_dumpable_only_while_its_maps_are_written() -> None:
    """Where it has to be for them: while it is, other processes of the user may trace this memory."""
    from pysys.flags import PR_GET_DUMPABLE, PR_SET_DUMPABLE

    injector.need()
    if why := no_namespace("user"):
        pytest.skip(why)

    def prepare() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            calls.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)

    def body(_: object) -> object:
        uid, gid = os.geteuid(), os.getegid()
        calls.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        mark(BEGIN)
        try:
            child = spawn(["true"], uid_map=[(0, uid, 1)], gid_map=[(0, gid, 1)])
        except errors.EPERM as error:
            return f"no user namespace with maps here: {error}"
        mark(RETURNED)
        return child.wait(10), calls.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)

    warm_up()
    found = Watch(prepare, body, lambda *_: None).run(LIMIT)
    if isinstance(found.answer, str):
        pytest.skip(found.answer)
    assert found.answer == (0, 0)
    assert [call for call in found.calls if call.name == f"prctl {int(PR_SET_DUMPABLE)}"] == [
        Call("first", f"prctl {int(PR_SET_DUMPABLE)}", index) for index in (1, 2)
    ]


@pytest.mark.parametrize(("name", "call"), [("plain", "execve"), ("by descriptors", "execveat")])
def test_S12_a_program_that_is_busy_once(name: str, call: str) -> None:
    """Whether it is executed by its path or through a descriptor, that is tried again."""
    injector.need()
    warm_up()
    with surroundings("root" if os.geteuid() == 0 else "user") as w:
        plain = run(w, name)
        busy = run(w, name, at=Call("first", call, 1), do=errno.ETXTBSY)
        assert busy.result.reached
        assert Call("first", call, 2) in busy.result.calls
        assert (busy.program, busy.answer.get("status")) == (plain.program, plain.answer["status"])


@scenarios(OFTEN)
def test_I3_errors(name: str) -> None:
    """Each call fails, with two errnos."""
    check(name, partial(tried, every=False))


@scenarios(set())
@pytest.mark.isolated(timeout=600)
def test_I3_every_error(name: str) -> None:
    """Each call fails, with each errno that it may have."""
    check(name, partial(tried, every=True))


@scenarios(OFTEN)
def test_I3_killed(name: str) -> None:
    """Each process that is made is killed at each of its calls."""
    check(name, partial(killed, every=False))


@scenarios(OFTEN)
def test_I1_handler_that_raises(name: str) -> None:
    """A signal comes at each of the caller's calls, and its handler raises."""
    check(name, partial(interrupted, raises=True))


@scenarios(OFTEN)
def test_I3_handler_that_returns(name: str) -> None:
    """A signal comes at each of the caller's calls, and its handler returns."""
    check(name, partial(interrupted, raises=False))
