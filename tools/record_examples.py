"""Run the examples of the pages under strace, and record what it shows beside them: NAME.trace.

    python -m tools.record_examples                 every page that has an example
    python -m tools.record_examples --only fork     one page (may be repeated)

Runs each example with the interpreter that runs this script, so pysys must be installed in it, and fails if
one prints anything else than its page says. What differs from run to run is renamed or left out: processes
become P1, P2, ... in the order of their creation (P0 is strace), addresses A1, A2, ...; a call during which
other processes were seen stands where it began. Examples whose needs this machine cannot meet are named and
left out.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import build_reference as reference
from tools import PROJECT

SECONDS = 60
KEPT = ("PYTHONPATH", "PYTHONHOME")
LINES = 40
# Needs that a path shows.
PATHS = {
    "seccomp": "/proc/sys/kernel/seccomp",
    "cgroup2": "/sys/fs/cgroup/cgroup.controllers",
    "keys": "/proc/key-users",
    "perf": "/proc/sys/kernel/perf_event_paranoid",
    "mqueue": "/proc/sys/fs/mqueue",
    "numa": "/proc/self/numa_maps",
    "modules": "/proc/modules",
    "kexec": "/sys/kernel/kexec_loaded",
    "fuse": "/dev/fuse",
    "loop": "/dev/loop-control",
    "tun": "/dev/net/tun",
    "kvm": "/dev/kvm",
    "ext4": "/sys/fs/ext4",
    "mkfs.ext4": "/usr/sbin/mkfs.ext4",
    "smp": "/sys/devices/system/cpu/cpu1",
}

# At least this version, or an older one.
KERNEL = re.compile(r"kernel(>=|<)(\d+)\.(\d+)")
ARCHITECTURE = re.compile(r"(arch|compat)=(\w+)")
PROCESSOR = re.compile(r"cpu(!?)=(\w+)")  # a word of /proc/cpuinfo

# The interpreter's start is not part of the example, and neither are its imports: they are made before
# this path is looked for, which strace shows.
MARK = "/the-example-starts-here"
# Calls that are looked at besides: the mark, what shows whose child is whose, what imports modules.
BESIDES = ("access", "faccessat", "faccessat2", "fork", "vfork", "clone", "clone3", "open", "openat", "close")
RUN = f"""
import ast, os, sys
with open(sys.argv[1]) as file:
    tree = ast.parse(file.read(), sys.argv[1])
imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
exec(compile(ast.Module(imports, []), sys.argv[1], "exec"), {{}})
code = compile(tree, sys.argv[1], "exec")
os.access(f"{MARK}/{{os.getppid()}}", 0)
exec(code, {{"__name__": "__main__"}})
"""


class RecordError(Exception):
    """The example did not do what its page says."""


def unmet(needs: list[str]) -> list[str]:
    """Those of an example's needs that this machine does not meet."""
    return [need for need in needs if not _met(need)]


def is_need(need: str) -> bool:
    """Whether it is known how to find out if a machine meets it."""
    named = need in PATHS or need in ("root", "userns", "landlock", "64-bit", "arm", "rtc", "no-rtc")
    return named or any(one.fullmatch(need) for one in (PROCESSOR, ARCHITECTURE, KERNEL))


@functools.cache
def _met(need: str) -> bool:
    if need == "root":
        return os.geteuid() == 0
    if need == "userns":
        return _works("unshare(0x10000000)", "== 0")  # CLONE_NEWUSER
    if need in PATHS:
        return os.path.exists(PATHS[need])
    if need == "landlock":
        return _works("syscall(444, None, 0, 1)", ">= 1")  # LANDLOCK_CREATE_RULESET_VERSION
    if need in ("rtc", "no-rtc"):
        return _works("clock_getres(8, None)", "== 0") == (need == "rtc")  # CLOCK_REALTIME_ALARM
    if need == "64-bit":
        return sys.maxsize > 2**32
    if need == "arm":  # of 32 bits, whatever the kernel
        return sys.maxsize < 2**32 and os.uname().machine in ("armv7l", "armv8l", "aarch64")
    if match := PROCESSOR.fullmatch(need):
        with open("/proc/cpuinfo") as info:
            return (match[2] in info.read().split()) == (not match[1])
    if match := ARCHITECTURE.fullmatch(need):
        # That of the kernel and of this process: a 64-bit kernel's 32-bit programs have other calls.
        machine = os.uname().machine
        alike = (sys.maxsize > 2**32) == bool(re.search("64|390x", machine))
        return machine == match[2] and alike == (match[1] == "arch")
    if match := KERNEL.fullmatch(need):
        release = re.match(r"(\d+)\.(\d+)", os.uname().release)
        assert release is not None
        newer = (int(release[1]), int(release[2])) >= (int(match[2]), int(match[3]))
        return newer == (match[1] == ">=")
    raise ValueError(f"it is not known how to meet the need {need!r}")


def _works(call: str, result: str) -> bool:
    """Whether a call of the C library has this result, tried in a process of its own."""
    script = f"import ctypes, sys; sys.exit(not ctypes.CDLL(None).{call} {result})"
    return subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def run(command: list[str], folder: str) -> tuple[str, str, int]:
    """Run in a session of its own, within the time limit: stdout, stderr, exit code."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
        # PYTHONUNBUFFERED and its like change which calls an example makes.
        env={name: value for name, value in os.environ.items() if name in KEPT or name[:6] != "PYTHON"},
    ) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise RecordError(f"not finished after {SECONDS} seconds\n{out}{err}") from None
    return out, err, process.returncode


def verify(example: dict[str, str], out: str, err: str, code: int) -> None:
    """The example must end well and print what its page says."""
    if code:
        raise RecordError(f"exit code {code}\n{err}")
    wanted = example["prints"].strip("\n") + "\n"
    if out != wanted:
        raise RecordError(f"prints\n{out}instead of\n{wanted}{err}")


def record(name: str, example: dict[str, str]) -> str:
    """The example's trace, header included."""
    with tempfile.TemporaryDirectory() as folder:
        script, log = Path(folder, f"{name}.py"), Path(folder, "strace.log")
        script.write_text(example["python"].lstrip("\n"))
        keep = f"/^({example['strace']})$"
        strace = ["strace", "-f", "-qqq", "-s", "64", "-e", "signal=none", "-o", str(log)]
        traced = ["-e", f"trace={keep},{','.join('?' + call for call in BESIDES)}"]
        command = [*strace, *traced, sys.executable, "-c", RUN, str(script)]
        out, err, code = run(command, folder)
        verify(example, out, err, code)
        places = {
            str(script): f"{name}.py",
            folder: "DIR",
            sys.executable: "python3",
            str(PROJECT): "PYSYS",
        }
        modules = tuple(path for path in sys.path if os.path.isabs(path))
        lines = clean(log.read_text(errors="replace").splitlines(), example["strace"], places, modules)
    if not lines:
        raise RecordError(f"strace saw none of the calls {example['strace']!r}")
    if len(lines) > LINES:
        lines[LINES:] = [f"... and {len(lines) - LINES} more lines"]
    return "\n".join([*header(name, example), "", *lines]) + "\n"


def fingerprint(example: dict[str, str]) -> str:
    """Shows whether a trace was recorded of the example as it stands today."""
    return f"{zlib.crc32(example['python'].encode()):08x}"


def header(name: str, example: dict[str, str]) -> list[str]:
    """Which command gave the trace, of what, and where."""
    from pysys import abi

    version = subprocess.run(["strace", "-V"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"version (\S+)", version)
    kernel = re.match(r"[\d.]+", os.uname().release)
    assert number is not None
    assert kernel is not None
    machine = f"Linux {kernel[0]}, {abi.current().name}"
    software = f"{' '.join(platform.libc_ver())}, CPython {platform.python_version()}"
    return [
        f"# strace -f -e 'trace=/^({example['strace']})$' python3 {name}.py",
        f"# Example {fingerprint(example)}, {machine}, strace {number[1]}, {software}",
    ]


def clean(log: list[str], keep: str, places: dict[str, str], modules: tuple[str, ...]) -> list[str]:
    """The lines of a log of `strace -f -o` that the trace keeps, free of what differs from run to run."""
    tracer, log = after_mark(log)
    names = {tracer: "P0"}
    addresses: dict[str, str] = {}
    wanted = re.compile(rf"({keep})\(")
    lines = []
    for pid, line in without_imports(joined(log), modules):
        names.setdefault(pid, f"P{len(names)}")
        created = re.search(r" = (\d+)$", line)
        if created and re.match(r"v?fork|clone", line):
            names.setdefault(created[1], f"P{len(names)}")
        if wanted.match(line):
            lines.append((pid, line))
    return [f"{names[pid]}  {stable(line, names, addresses, places)}" for pid, line in lines]


def stable(line: str, names: dict[str, str], addresses: dict[str, str], places: dict[str, str]) -> str:
    """One line with processes, addresses and paths renamed, and measured times left out."""

    def address(found: re.Match[str]) -> str:
        return addresses.setdefault(found[0], f"A{len(addresses) + 1}")

    for path, short in places.items():
        line = line.replace(path, short)
    line = re.sub(r"\b\d{2,}\b", lambda found: names.get(found[0], found[0]), line)
    line = re.sub(r"0x[0-9a-f]{9,16}\b", address, line)
    line = re.sub(r"(ru_[us]time=)\{[^}]*\}", r"\1{...}", line)
    line = re.sub(r"(si_[us]time=)\d+( /\*.*?\*/)?", r"\1...", line)
    line = re.sub(r"/\* \d+ vars? \*/", "/* environment */", line)
    return re.sub(r" += ", " = ", line)


def after_mark(log: list[str]) -> tuple[str, list[str]]:
    """The process id of strace, the parent of the example's process; the lines since the example started."""
    for i, line in enumerate(log):
        if found := re.search(rf"{MARK}/(\d+)", line):
            return found[1], log[i + 1 :]
    raise RecordError("the log does not say where the example starts")


def without_imports(lines: list[tuple[str, str]], modules: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Leave out what is done with files and folders of Python's modules: imports that happen on the way."""
    open_files: set[tuple[str, str]] = set()
    for pid, line in lines:
        opened = re.match(r'open(?:at)?\([^"]*"([^"]*)".* = (\d+)$', line)
        used = re.match(r"(\w+)\((\d+)\b", line)
        if opened and opened[1].startswith(modules):
            open_files.add((pid, opened[2]))
        elif used and (pid, used[2]) in open_files:
            if used[1] == "close":
                open_files.remove((pid, used[2]))
        else:
            yield pid, line


def joined(log: list[str]) -> list[tuple[str, str]]:
    """Process and line; a call that strace wrote in two halves, other lines between, is one line."""
    lines: list[tuple[str, str]] = []
    open_calls: dict[str, int] = {}
    for text in log:
        pid, _, line = text.partition(" ")
        line = line.strip()
        resumed = re.match(r"<\.\.\. \w+ resumed>\s*(.*)", line)
        if resumed and pid in open_calls:
            at = open_calls.pop(pid)
            lines[at] = pid, lines[at][1] + resumed[1]
            continue
        if line.endswith("<unfinished ...>"):
            open_calls[pid] = len(lines)
            line = line.removesuffix("<unfinished ...>").rstrip(" ")
            line += " " if line.endswith(",") else ""
        lines.append((pid, line))
    return [
        (pid, line + (" <unfinished ...>" if i in open_calls.values() else ""))
        for i, (pid, line) in enumerate(lines)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="NAME", help="record this page only")
    files = reference.files()
    wanted = parser.parse_args().only or sorted(files)
    if not shutil.which("strace"):
        parser.error("strace is not installed")
    failed = left_out = recorded = 0
    for name in wanted:
        example = reference.read(files[name]).get("example")
        if example is None:
            continue
        if missing := unmet(example.get("needs", [])):
            left_out += 1
            print(f"{name}: left out, needs {', '.join(missing)}")
            continue
        try:
            text = record(name, example)
        except RecordError as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr)
            continue
        files[name].with_suffix(".trace").write_text(text, "utf-8")
        recorded += 1
    print(f"{recorded} recorded, {left_out} left out, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
