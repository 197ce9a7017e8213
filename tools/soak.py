"""Make many children in a process with threads that allocate in C without pause, under signals.

usage: python -m tools.soak [--rounds 10000] [--calls fork,spawn,...] [--limit SECONDS]

Each call has a separate process, whose main thread makes one child after the other and checks how it
ended. This process sends signals to it all the time, watches that it makes progress, and reports at the end
what was lost or left behind: exit status 1 if anything was. Two kinds of signal show a loss exactly:
real-time signals carry a number and are counted by a handler in C; SIGUSR1 has a handler in Python that
acknowledges it, and the next one is sent after that.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import faulthandler
import json
import mmap
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cffi import FFI

SOURCE = Path(__file__).with_suffix(".c")
NUMBERED = signal.SIGRTMIN + 2  # below it the C library's own
PAUSE = 0.0005  # seconds between signals

ffi: Any = FFI()
ffi.cdef(
    """
    struct seen { long long received, missing, repeated, in_child, last, round; };
    void start_allocating(int count);
    void stop_allocating(void);
    int allocate_once(void);
    int child_returns_arg(void *arg);
    int count_signals(int number, struct seen *place);
    int send_numbered(int pid, int number, int value);
    """
)


def build(target: Path) -> None:
    """soak.c as a library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        sys.exit("soak: no C compiler")
    command = [compiler, "-O1", "-shared", "-fPIC", "-pthread", "-o", str(target), str(SOURCE)]
    subprocess.run(command, check=True)


# ---- the process that makes children ----


def expected(turn: int) -> int:
    return 100 + turn % 100


def status_of(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0x40000000)[1])  # __WALL


class Calls:
    """One method per call: makes a child, and returns its status and the one that it should have."""

    def __init__(self, lib: Any) -> None:
        import pysys

        self.lib = lib
        self.pysys = pysys
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        self.stack = mmap.mmap(-1, 256 * 1024)
        self.ends = os.pipe()
        self.programs = [shutil.which("true") or "/bin/true", shutil.which("false") or "/bin/false"]

    def work(self, turn: int) -> int:
        """What a child does: shows that its allocator and its signal mask are in order."""
        if self.lib.allocate_once() != 0 or signal.pthread_sigmask(signal.SIG_BLOCK, []) != self.mask:
            return 1
        return expected(turn)

    def returning(self, create: Callable[[], int], turn: int) -> tuple[int, int]:
        pid = create()
        if pid == 0:
            code = 2
            try:
                code = self.work(turn)
            finally:
                os._exit(code)
        return status_of(pid), expected(turn)

    def fork(self, turn: int) -> tuple[int, int]:
        return self.returning(self.pysys.fork, turn)

    def fork_kernel(self, turn: int) -> tuple[int, int]:
        return self.returning(lambda: self.pysys.fork(entry="kernel"), turn)

    def vfork(self, turn: int) -> tuple[int, int]:
        return self.returning(self.pysys.vfork, turn)

    def clone(self, turn: int) -> tuple[int, int]:
        return self.returning(self.pysys.clone, turn)

    def clone_fn(self, turn: int) -> tuple[int, int]:
        return status_of(self.pysys.clone(fn=self.work, args=(turn,))), expected(turn)

    def clone_vm(self, turn: int) -> tuple[int, int]:
        """A native function in the same memory."""
        function = ffi.cast("int(*)(void *)", ffi.addressof(self.lib, "child_returns_arg"))
        argument = ffi.cast("void *", expected(turn))
        flags = self.pysys.CloneFlags.CLONE_VM
        pid = self.pysys.clone(flags, fn=function, arg=argument, stack=self.stack)
        return status_of(pid), expected(turn)

    def clone3(self, turn: int) -> tuple[int, int]:
        args = self.pysys.CloneArgs(pidfd=True)
        try:
            return self.returning(lambda: self.pysys.clone3(args), turn)
        finally:
            os.close(args.pidfd)

    def spawn(self, turn: int) -> tuple[int, int]:
        with self.pysys.spawn([self.programs[turn % 2]]) as child:
            return child.wait(), turn % 2

    def popen(self, turn: int) -> tuple[int, int]:
        command = [self.programs[turn % 2]]
        with self.pysys.Popen(command, stdout=subprocess.PIPE) as child:
            child.communicate()
            return child.returncode, turn % 2

    def ring(self, turn: int) -> tuple[int, int]:
        """No child: a ring of io_uring, with a request that ends and one that close() cancels."""
        from pysys.rings import Ring

        place = bytearray(1)
        read = {"opcode": 22, "fd": self.ends[0], "addr": place, "len": 1}  # IORING_OP_READ
        try:
            made = Ring(4)
        except (self.pysys.errors.ENOSYS, self.pysys.errors.EPERM):  # the kernel or a filter has none
            return 0, 0
        with made as ring:
            ring.push(**read, user_data=1)
            ring.push(**read, user_data=2)
            os.write(self.ends[1], bytes([turn % 256]))
            ring.submit(wait=1)
            done = [one.res for one in ring.completions()]
        return place[0] if done == [1] else -1, turn % 256

    # Controls, which this program has to find. They are not among the default calls.

    def control_stuck(self, turn: int) -> tuple[int, int]:
        pid = os.fork()
        if pid == 0:
            if turn == 1:
                signal.pause()
            os._exit(expected(turn))
        return status_of(pid), expected(turn)

    def control_status(self, turn: int) -> tuple[int, int]:
        return 1, 0

    def control_zombie(self, turn: int) -> tuple[int, int]:
        if os.fork() == 0:
            os._exit(0)
        return 0, 0

    def control_descriptor(self, turn: int) -> tuple[int, int]:
        os.dup(0)
        return 0, 0

    def control_signal(self, turn: int) -> tuple[int, int]:
        """Takes signals that are meant for the handler."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [NUMBERED])
        time.sleep(0.01)
        signal.sigtimedwait([NUMBERED], 0.1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [NUMBERED])
        return 0, 0


CALLS = (
    "fork",
    "fork-kernel",
    "vfork",
    "clone",
    "clone-fn",
    "clone-vm",
    "clone3",
    "spawn",
    "popen",
    "ring",
)
CONTROLS = tuple(name.replace("_", "-") for name in vars(Calls) if name.startswith("control_"))


def descriptors() -> Iterator[str]:
    """What descriptors of this process refer to. Without what a thread that allocates opens for a moment: the
    C library's allocator looks once at a setting of the kernel."""
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # of the listing itself, and of such a moment
            target = os.readlink(f"/proc/self/fd/{number}")
            if not target.startswith(("/proc/sys/", "/sys/")):
                yield target


def possessions() -> dict[str, int]:
    """How many there are of the things that a call may leave behind."""
    found = []
    for process in processes():
        with contextlib.suppress(OSError):
            found += [process] if parent_of(process) == os.getpid() else []
    maps = Path("/proc/self/maps").read_text()
    return {
        "children": len(found),
        "descriptors": len(list(descriptors())),
        "shared mappings": maps.count("/dev/zero"),
        "blocked signals": len(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    }


def make_children(library: str, call: str, rounds: int, threads: int, memory: int, acknowledge: int) -> None:
    """The worker: prints a line when it is ready for signals, and its findings as JSON after a line."""
    faulthandler.enable()
    warnings.simplefilter("ignore", DeprecationWarning)  # of forks with threads
    lib = ffi.dlopen(library)
    with mmap.mmap(memory, 0) as shared:
        view: Any = ffi.from_buffer("struct seen *", shared)
        os.close(memory)
        os.set_inheritable(acknowledge, False)
        signal.signal(signal.SIGUSR1, lambda *_: os.write(acknowledge, b"."))
        assert lib.count_signals(NUMBERED, view) == 0
        make = getattr(Calls(lib), call.replace("-", "_"))
        lib.start_allocating(threads)
        for task in map(int, os.listdir("/proc/self/task")):
            if task != os.getpid():  # they use idle CPU time, and are interrupted anywhere
                os.setpriority(os.PRIO_PROCESS, task, 19)
        wrong: Counter[int] = Counter()
        before = possessions()
        print("ready", flush=True)
        for turn in range(rounds):
            status, wanted = make(turn)
            if status != wanted:
                wrong[status] += 1
            view.round = turn + 1
        # Not a blocking read: the handler of a signal that came just before it would wait until it ends.
        while not select.select([sys.stdin], [], [], 0.01)[0]:
            pass
        sent = int(sys.stdin.readline())
        deadline = time.monotonic() + 5
        while view.last < sent and time.monotonic() < deadline:
            time.sleep(0.01)
        after = possessions()
        lib.stop_allocating()
        left = {name: after[name] - before[name] for name in before if after[name] != before[name]}
        print(json.dumps({"wrong": wrong, "left": left}), flush=True)
        ffi.release(view)


# ---- the process that watches, and sends signals ----


def processes() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def describe(pid: int) -> str:
    """Where a process is, according to /proc."""
    lines = [f"process {pid}:"]
    for name in ("stat", "wchan", "syscall", "stack"):
        try:
            text = Path(f"/proc/{pid}/{name}").read_text().strip()
        except OSError as error:
            text = f"({error.strerror})"
        lines.append(f"  {name}: " + text.replace("\n", "\n    "))
    return "\n".join(lines)


class Soak:
    """The soak of one call, in the process that watches."""

    def __init__(self, call: str, rounds: int, threads: int, limit: float, library: str) -> None:
        self.call, self.rounds, self.limit, self.lib = call, rounds, limit, ffi.dlopen(library)
        self.numbered = self.acknowledged = 0
        self.outstanding = False
        self.findings: list[str] = []
        self.stuck = 0
        self.memory = os.memfd_create("soak")
        os.truncate(self.memory, mmap.PAGESIZE)
        self.shared = mmap.mmap(self.memory, 0)
        self.seen: Any = ffi.from_buffer("struct seen *", self.shared)
        self.answers, acknowledge = os.pipe()
        os.set_blocking(self.answers, False)
        command = [sys.executable, __file__, "--worker", library, call, str(rounds), str(threads)]
        self.worker = subprocess.Popen(
            [*command, str(self.memory), str(acknowledge)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=(self.memory, acknowledge),
            start_new_session=True,  # so that everything it leaves can be ended
        )
        os.close(acknowledge)

    def send(self) -> None:
        """Send one signal of each kind; SIGUSR1 only if the last one was acknowledged."""
        result = self.lib.send_numbered(self.worker.pid, NUMBERED, self.numbered + 1)
        if result == 0:
            self.numbered += 1
        elif result != errno.EAGAIN:  # the queue is full
            raise OSError(result, os.strerror(result))
        if not self.outstanding:
            self.worker.send_signal(signal.SIGUSR1)
            self.outstanding = True

    def listen(self) -> None:
        """Read the acknowledgement. More than one is a finding."""
        try:
            count = len(os.read(self.answers, 100))
        except BlockingIOError:
            return
        self.acknowledged += count
        if count > self.outstanding:
            self.findings.append(f"{count} answers to one SIGUSR1: its handler ran in a child as well")
        self.outstanding = False

    def end_what_is_stuck(self) -> None:
        children = []
        for pid in processes():
            with contextlib.suppress(OSError):
                if parent_of(pid) == self.worker.pid:
                    children.append(pid)
        for pid in children:
            self.stuck += 1
            self.findings.append(f"stuck after {self.limit:g} seconds:\n{describe(pid)}")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not children:
            self.findings.append(f"the caller itself is stuck:\n{describe(self.worker.pid)}")
            self.worker.send_signal(signal.SIGABRT)  # faulthandler shows where

    def run(self) -> float:
        """Send and watch until all children are made. Returns the seconds that it took."""
        assert self.worker.stdout
        if self.worker.stdout.readline() != "ready\n":
            self.findings.append("did not start")
            return 0
        start = moved = shown = time.monotonic()
        turn = 0
        while self.seen.round < self.rounds and self.worker.poll() is None:
            self.send()
            time.sleep(PAUSE)
            self.listen()
            now = time.monotonic()
            if self.seen.round != turn:
                turn, moved = self.seen.round, now
            elif now - moved > self.limit:
                self.end_what_is_stuck()
                moved = now
            if now - shown > 0.2 and sys.stderr.isatty():
                shown = now
                rate = turn / (now - start)
                line = f"\r{self.call}: {turn:,} of {self.rounds:,}, {rate:.0f}/s, {self.stuck} stuck "
                print(line, end="", file=sys.stderr, flush=True)
        return time.monotonic() - start

    def finish(self) -> None:
        """Let the last signals arrive, and read what the worker found."""
        deadline = time.monotonic() + self.limit
        while self.outstanding and self.worker.poll() is None and time.monotonic() < deadline:
            time.sleep(PAUSE)
            self.listen()
        try:
            output, _ = self.worker.communicate(f"{self.numbered}\n", timeout=self.limit + 30)
        except subprocess.TimeoutExpired:
            self.findings.append(f"does not end:\n{describe(self.worker.pid)}")
            output = ""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        if self.worker.returncode != 0:
            self.findings.append(f"ended with {self.worker.returncode}")
        report = json.loads(output) if output else {"wrong": {}, "left": {}}
        for status, count in report["wrong"].items():
            self.findings.append(f"{count} children ended with {status}, which is not what they should")
        for name, count in report["left"].items():
            self.findings.append(f"left behind: {count:+} {name}")

    def signals(self) -> tuple[int, int]:
        """How many were sent and how many were lost. Anything else that went wrong is a finding."""
        seen = self.seen
        lost = self.numbered - seen.received + self.outstanding
        if lost:
            self.findings.append(f"{lost} signals lost ({seen.missing} of them overtaken by later ones)")
        if seen.repeated:
            self.findings.append(f"{seen.repeated} signals came twice or late")
        if seen.in_child:
            self.findings.append(f"{seen.in_child} handlers ran in a child")
        return self.numbered + self.acknowledged + self.outstanding, lost

    def close(self) -> None:
        ffi.release(self.seen)
        self.shared.close()
        os.close(self.memory)
        os.close(self.answers)


def soak(call: str, rounds: int, threads: int, limit: float, library: str) -> bool:
    """Soak one call and print its line. Returns whether nothing was found."""
    run = Soak(call, rounds, threads, limit, library)
    try:
        seconds = run.run()
        run.finish()
        sent, lost = run.signals()
    finally:
        if run.worker.poll() is None:
            run.worker.kill()
        run.close()
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    print(
        f"{call}: {rounds:,} children in {seconds:.1f} s, {rounds / max(seconds, 1e-9):.0f}/s; "
        f"{run.stuck} stuck; {sent:,} signals, {lost} lost; "
        + ("nothing left behind" if not run.findings else f"{len(run.findings)} FINDINGS"),
        flush=True,
    )
    for finding in run.findings[:10]:
        print("  " + finding.replace("\n", "\n  "), flush=True)
    return not run.findings


def main() -> int:
    if sys.argv[1:2] == ["--worker"]:
        library, call, *numbers = sys.argv[2:]
        make_children(library, call, *map(int, numbers))
        return 0
    parser = argparse.ArgumentParser(
        description="Make many children in a process with threads that allocate in C, under signals: nothing "
        "may get stuck, be left behind or be lost.",
        epilog=f"calls: {', '.join(CALLS)}. Controls, in which something has to be found: "
        f"{', '.join(CONTROLS)}.",
    )
    parser.add_argument("--rounds", type=int, default=10_000, help="children per call (default: 10,000)")
    parser.add_argument("--calls", default=",".join(CALLS), help="calls, separated by commas (default: all)")
    parser.add_argument("--threads", type=int, default=3, help="threads that allocate in C (default: 3)")
    parser.add_argument(
        "--limit", type=float, default=20, help="seconds after which a child is stuck (default: 20)"
    )
    options = parser.parse_args()
    calls = options.calls.split(",")
    if unknown := [call for call in calls if call not in CALLS + CONTROLS]:
        parser.error(f"no such call: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:  # private: the library is ours
        library = os.path.join(folder, "soak.so")
        build(Path(library))
        fine = [soak(call, options.rounds, options.threads, options.limit, library) for call in calls]
    print(f"{sum(fine)} of {len(fine)} calls without a finding", flush=True)
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
