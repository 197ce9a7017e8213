"""Where the programs of tests/process/test_spawn_pairs.py start, and what they find there.

Directories, descriptors and namespaces are made once for a test, and what a program reports of them
(tests/support/reporter.c) and what is seen of it from outside is reported by their names.
"""

from __future__ import annotations

import ctypes
import faulthandler
import fcntl
import os
import resource
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import reporter
from isolated import children, open_descriptors
from patience import PATIENCE

from pysys import Child, flags, spawn

LIMIT = 1024  # of descriptors, here
SOURCES = {5: "five", 6: "six", 7: "seven", 8: "other socket"}
INHERITABLE = (20, 700)
DIRECTORY, PROGRAM, TERMINAL, CGROUP, PLAIN = 30, 31, 32, 33, 34
JOINED = {"uts": 40, "pid": 41, "user": 42}
TAKEN = (3, 4)  # so that all lowest numbers are, up to 9
KEPT = 900  # from here on is what this process itself uses
USER = 1234
MAP = [(0, 0, 1), (1, 100_001, 4999)]
KINDS = {
    "user": flags.CLONE_NEWUSER,
    "pid": flags.CLONE_NEWPID,
    "mnt": flags.CLONE_NEWNS,
    "net": flags.CLONE_NEWNET,
    "uts": flags.CLONE_NEWUTS,
    "ipc": flags.CLONE_NEWIPC,
    "cgroup": flags.CLONE_NEWCGROUP,
    "time": flags.CLONE_NEWTIME,
}

libc = ctypes.CDLL(None, use_errno=True)


def refused(action: Callable[[], object]) -> str:
    """Why this process may not do that, as a child finds out; empty if it may."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            action()
        except OSError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    with open(reader) as answer:
        return answer.read()


def unshare(flag: int) -> None:
    if libc.unshare(flag):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def cgroup2() -> str | None:
    """Where the cgroup2 hierarchy is mounted."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] == "cgroup2":
            return before.split()[4]
    return None


def without_cgroup() -> str:
    above = cgroup2()
    if above is None:
        return "no cgroup2 hierarchy is mounted"
    try:
        os.rmdir(tempfile.mkdtemp(prefix="pysys-test-", dir=above))
    except OSError as error:
        return str(error)
    return ""


def no_namespace(kind: str) -> str:
    if not os.path.exists(f"/proc/self/ns/{kind}"):
        return f"this kernel has no {kind} namespaces"
    if os.geteuid() == 0 or kind == "user":
        return refused(partial(unshare, int(KINDS[kind])))
    return refused(partial(unshare, int(KINDS[kind] | KINDS["user"])))


def place(found: os.stat_result) -> str:
    return f"{found.st_dev}:{found.st_ino}"


def sockets() -> tuple[socket.socket, socket.socket]:
    """Two sockets, of which the first is out of the way of the numbers that tests use."""
    ours, theirs = socket.socketpair()
    with ours:
        return socket.socket(fileno=fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, KEPT + 3)), theirs


class Surroundings:
    """As who: "root", or "user", who has no privileges."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.names: dict[str, str] = {}  # of places, by device and inode
        self.holders: list[tuple[Child, socket.socket]] = []
        self.cgroup: str | None = None
        self.namespaces = {
            kind: os.readlink(f"/proc/self/ns/{kind}")
            for kind in KINDS
            if os.path.exists(f"/proc/self/ns/{kind}")
        }
        self.joined: dict[str, str] = {}
        self.ours: socket.socket | None = None  # which a program waits for
        self._make_places()
        self._open_descriptors()
        self.leader = self._hold(process_group=0).pid

    # ---- places ----

    def _make_places(self) -> None:
        self.folder = os.path.realpath(tempfile.mkdtemp())
        os.chmod(self.folder, 0o755)
        self.program = f"{self.folder}/program"
        Path(self.program).write_bytes(reporter.program())
        os.chmod(self.program, 0o755)
        self.start, self.jail = f"{self.folder}/start", f"{self.folder}/jail"
        again = f"{self.jail}{self.folder}"  # in the jail, under the same name
        for name, path in {
            "start": self.start,
            "sub": f"{self.start}/sub",
            "sub of sub": f"{self.start}/sub/sub",
            "private": f"{self.start}/private",
            "place": f"{self.folder}/place",
            "jail": self.jail,
            "sub in jail": f"{self.jail}/sub",
            "sub of sub in jail": f"{self.jail}/sub/sub",
            "private in jail": f"{self.jail}/private",
            "inner": f"{self.jail}/inner",
            "place in jail": f"{again}/place",
            "mounted": f"{self.folder}/mounted",
            "mounted in jail": f"{again}/mounted",
        }.items():
            os.makedirs(path, exist_ok=True)
            os.chmod(path, 0o700 if name.startswith("private") else 0o755)
            self._name(name, os.stat(path))
        os.link(self.program, f"{again}/program")
        self._name("program", os.stat(self.program))
        self._name("/", os.stat("/"))
        os.chdir(self.start)

    def _name(self, name: str, found: os.stat_result) -> None:
        self.names[place(found)] = name

    def _open(self, number: int, path: str, mode: int) -> None:
        descriptor = os.open(path, mode)
        if descriptor != number:
            os.dup2(descriptor, number, inheritable=False)
            os.close(descriptor)

    def _open_descriptors(self) -> None:
        for number in (0, 2, *SOURCES, *INHERITABLE):
            path = f"{self.folder}/{number}"
            self._open(number, path, os.O_RDWR | os.O_CREAT)
            self._name(SOURCES.get(number, str(number)), os.stat(number))
        for number in (0, 2, *INHERITABLE):
            os.set_inheritable(number, True)
        for number in (*TAKEN, PLAIN):
            self._open(number, os.devnull, os.O_RDWR)
        self._name("null", os.stat(PLAIN))
        self._open(DIRECTORY, f"{self.jail}/inner", os.O_RDONLY)
        self._open(PROGRAM, self.program, os.O_RDONLY)
        self.channels: list[socket.socket] = []
        self.renew_channels()

    def renew_channels(self) -> None:
        """The sockets that programs have as descriptor 1, and as `stdout=8`."""
        for channel in self.channels:
            channel.close()
        self.channels = []
        for number, name in ((1, "1"), (8, "other socket")):
            ours, theirs = sockets()
            with theirs:
                os.dup2(theirs.fileno(), number, inheritable=number == 1)
            self._name(name, os.fstat(number))
            self.channels.append(ours)

    def new_terminal(self) -> int:
        """A terminal's descriptor: the end of a session is a terminal's, too."""
        self.master, slave = os.openpty()
        os.dup2(slave, TERMINAL, inheritable=False)
        os.close(slave)
        return TERMINAL

    def close_terminal(self) -> None:
        os.close(self.master)
        os.close(TERMINAL)

    # ---- what there is to join ----

    def _hold(self, *more: str, **settings: Any) -> Child:
        ours, theirs = sockets()
        with theirs:
            child = spawn([self.program, "hold", *more], stdout=theirs, **settings)
        self.holders.append((child, ours))
        reporter.told([ours])
        return child

    def join(self, kind: str) -> int:
        """A descriptor of a namespace of this kind that a process holds."""
        if kind not in self.joined:
            if kind == "user":
                holder = self._hold(uid_map=MAP, gid_map=MAP)
            else:
                holder = self._hold(*(["joined"] if kind == "uts" else []), namespaces=KINDS[kind])
            self.joined[kind] = os.readlink(f"/proc/{holder.pid}/ns/{kind}")
            self._open(JOINED[kind], f"/proc/{holder.pid}/ns/{kind}", os.O_RDONLY)
        return JOINED[kind]

    def make_cgroup(self) -> int:
        """A descriptor of a cgroup of its own."""
        if self.cgroup is None:
            above = cgroup2()
            assert above is not None
            self.cgroup = tempfile.mkdtemp(prefix="pysys-test-", dir=above)
            self._open(CGROUP, self.cgroup, os.O_RDONLY)
        return CGROUP

    # ---- a run ----

    def state(self) -> dict[str, object]:
        """What no start may change here."""
        mask = os.umask(0)
        os.umask(mask)
        return {
            "children": children(),
            "descriptors": {number: os.get_inheritable(number) for number in open_descriptors()},
            "blocked": signal.pthread_sigmask(signal.SIG_BLOCK, []),
            "handlers": [
                signal.getsignal(n) for n in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE, signal.SIGTERM)
            ],
            "ids": (os.getresuid(), os.getresgid(), os.getgroups()),
            "process": (os.getpgrp(), os.getsid(0), os.getpriority(os.PRIO_PROCESS, 0)),
            "places": (place(os.stat("/")), place(os.stat("."))),
            "namespaces": [os.readlink(f"/proc/self/ns/{kind}") for kind in self.namespaces],
            "cpus": os.sched_getaffinity(0),
            "limits": [resource.getrlimit(number) for number in range(resource.RLIM_NLIMITS)]
            if hasattr(resource, "RLIM_NLIMITS")
            else resource.getrlimit(resource.RLIMIT_NOFILE),
            "umask": mask,
            "dumpable": libc.prctl(3, 0, 0, 0, 0),
            "privileges": [
                line
                for line in Path("/proc/self/status").read_text().splitlines()
                if line.startswith(("Cap", "NoNewPrivs", "Seccomp:"))
            ],
            "of itself": [
                Path(f"/proc/self/{name}").read_text() for name in ("oom_score_adj", "coredump_filter")
            ],
            "kernel's": (
                *(libc.prctl(get, 0, 0, 0, 0) for get in (27, 30)),  # PR_GET_SECUREBITS, PR_GET_TIMERSLACK
                libc.personality(0xFFFFFFFF),
                os.sched_getscheduler(0),
                os.uname().nodename,
            ),
        }

    def run(self, argv: list[str], **settings: Any) -> dict[str, object]:
        """What the program finds. What spawn raises is the caller's."""
        child = spawn(argv, **settings)
        try:
            channel, lines = reporter.told(self.channels)
            facts = self._facts(lines, child)
            channel.send(b".")
            returncode = child.wait(20 * PATIENCE)
        except BaseException:
            child.kill()
            child.wait()
            self.renew_channels()
            raise
        finally:
            child.close()
        facts["returncode"] = returncode
        return facts

    def _facts(self, lines: list[str], child: Child) -> dict[str, object]:
        """What the program says and what is seen of it, by the names of what it is."""
        facts: dict[str, object] = {"arguments": (), "variables": (), "channel": None}
        pid = next(int(line.split()[1]) for line in lines if line.startswith("pid "))
        for line in lines:
            kind, _, rest = line.partition(" ")
            if kind in ("argument", "variable"):
                rest = rest.replace(self.folder, "FOLDER")
                rest = "ME=own" if rest == f"ME={pid}" else rest
                facts[f"{kind}s"] = (*facts[f"{kind}s"], rest)  # type: ignore[misc]  # a tuple that grows
            elif kind in ("fd", "limit", "ignored", "caught", "blocked"):
                number, _, what = rest.partition(" ")
                facts[f"{kind} {number}"] = self.names.get(what, what) if kind == "fd" else what or True
            elif kind in ("effective", "permitted", "inheritable", "ambient"):
                facts[kind] = int(rest, 16)
            elif kind in ("parent", "group", "session"):
                known = {
                    0: "outside",
                    os.getpid(): "spawner",
                    os.getpgrp(): "spawner's",
                    self.leader: "leader",
                }
                facts[kind] = "own" if int(rest) == pid else known.get(int(rest), rest)
            elif kind != "pid":
                facts[kind] = rest.replace(self.folder, "FOLDER")
        del facts["channel"]
        return {**facts, **self._from_outside(child, pid)}

    def _from_outside(self, child: Child, inside: int) -> dict[str, object]:
        # With init, the program is its only child; the program itself has none.
        below = Path(f"/proc/{child.pid}/task/{child.pid}/children")
        children = below.read_text().split() if below.exists() else []
        outside = int(children[0]) if children else child.pid
        proc = f"/proc/{outside}"
        fields = Path(f"{proc}/stat").read_text().rpartition(")")[2].split()
        status = dict(line.split(":", 1) for line in Path(f"{proc}/status").read_text().splitlines())
        pids = [int(word) for word in status.get("NSpid", f"{outside} {inside}").split()]
        assert pids[0] == outside
        assert pids[-1] == inside
        facts: dict[str, object] = {
            "pid": "own" if len(pids) == 1 else "first" if inside == 1 else "inside",
            "parent seen": {os.getpid(): "spawner", child.pid: "init"}.get(int(fields[1]), fields[1]),
            "terminal": "none" if fields[4] == "0" else fields[4],
        }
        for name in ("cwd", "exe", "root"):  # the program itself may not look at a directory that it is in
            there = place(os.stat(f"{proc}/{name}"))
            facts[name] = self.names.get(there, there)
        if self.terminal_is_open() and int(fields[4]) == os.fstat(TERMINAL).st_rdev:
            facts["terminal"] = "given"
        for kind, ours in self.namespaces.items():
            theirs = os.readlink(f"{proc}/ns/{kind}")
            facts[f"namespace {kind}"] = (
                "ours" if theirs == ours else "joined" if theirs == self.joined.get(kind) else "new"
            )
        facts["bounding"] = int(status["CapBnd"], 16)
        facts["policy"] = os.sched_getscheduler(outside)
        for name in ("uid_map", "gid_map", "setgroups", "oom_score_adj", "coredump_filter"):
            facts[name] = " ".join(Path(f"{proc}/{name}").read_text().split())
        if "time" in self.namespaces:
            facts["timens_offsets"] = " ".join(Path(f"{proc}/timens_offsets").read_text().split())
        for line in Path(f"{proc}/mountinfo").read_text().splitlines():
            if (where := line.split()[4]).startswith(self.folder):
                facts["mounted"] = where.replace(self.folder, "FOLDER")
        groups = Path(f"{proc}/cgroup").read_text()
        facts["cgroup"] = "ours" if groups == Path("/proc/self/cgroup").read_text() else groups
        if self.cgroup and f"/{os.path.basename(self.cgroup)}\n" in groups:
            facts["cgroup"] = "given"
        facts["pidfd"] = "none"
        if child.pidfd is not None:
            described = Path(f"/proc/self/fdinfo/{child.pidfd}").read_text()
            facts["pidfd"] = "its own" if f"Pid:\t{child.pid}\n" in described else described
        return facts

    def terminal_is_open(self) -> bool:
        try:
            os.fstat(TERMINAL)
        except OSError:
            return False
        return True

    def close(self) -> None:
        for child, ours in self.holders:
            child.kill()
            child.wait()
            child.close()
            ours.close()
        for channel in self.channels:
            channel.close()
        os.chdir("/")
        shutil.rmtree(self.folder)
        if self.cgroup:
            os.rmdir(self.cgroup)


@contextmanager
def surroundings(who: str) -> Iterator[Surroundings]:
    """Made, and removed at the end."""
    reporter.program()
    for name in list(os.environ):
        del os.environ[name]
    os.environ["BASE"] = "1"
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, hard))
    os.umask(0o022)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGURG])
    if os.geteuid() == 0:
        os.setgroups([])
        if who == "user":
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            libc.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: as a process is that never had more privileges
    for number in range(3):
        os.dup2(number, KEPT + number, inheritable=False)
    faulthandler.enable(KEPT + 2)
    try:
        made = Surroundings(who)
        try:
            yield made
        finally:
            made.close()
    finally:
        for number in range(3):
            os.dup2(KEPT + number, number)
        faulthandler.enable(2)
