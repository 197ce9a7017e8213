"""A run of a machine: it boots, runs a command, and what that found comes back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from machines import emulator, image, project, pyc_cache, table
from machines.cache import cache, progress
from machines.cpio import Writer
from machines.errors import Trouble
from machines.packages import untar
from machines.report import Result, revision

INIT = Path(__file__).resolve().parent / "guest" / "init.py"
ENVIRONMENT = {
    "PYSYS_NATIVE": "/native.so",
    "PYSYS_REPORTER": "/reporter",
    "PYSYS_PATIENCE": "10",  # times the seconds that a test may take, where every instruction is emulated
    "COVERAGE_FILE": "/results/.coverage",
}
PARAMETERS = "rdinit=/init quiet panic=-1 mitigations=off"
PANIC = "Kernel panic"
UP = "init: up"  # the console's line of a machine whose command begins
BOOT = 300  # seconds within which it gets so far: it takes 5 to 30
LAST_WORDS = 3  # seconds that a kernel has for what it says after a panic, in which some emulators stay
LINES = 25  # of the console, shown of a machine that did not get to its end


def workers(row: table.Row) -> int:
    """How many of the row's tests run at once: as many as half of the processors here, if it can."""
    half = max(len(os.sched_getaffinity(0)) // 2, 1)
    return min(half, _most(row)) if isinstance(row, table.Machine) else half


def _processors(row: table.Machine) -> int:
    """Two at least, if it can: what threads do at the same time is what many tests are about."""
    return min(max(workers(row), 2), _most(row))


def _most(row: table.Machine) -> int:
    return table.EMULATORS[row.kernel.architecture].processors


def _initrd(row: table.Machine, python: str, wanted: Mapping[str, object], target: Path) -> None:
    """The layers end to end; the last is this run's own."""
    project.layer(row, target.with_suffix(".project"))
    pyc_cache.layer(row, target.with_suffix(".compiled"))
    with open(target.with_suffix(".run"), "wb") as file:
        writer = Writer(file)
        writer.file("init", f"#!/usr/bin/python{python} -I\n".encode() + INIT.read_bytes(), 0o755)
        writer.file("machine.json", json.dumps(wanted).encode())
        writer.close()
    layers = [
        image.programs(row),
        image.kernel(row.kernel) / "modules.cpio",
        target.with_suffix(".project"),
        target.with_suffix(".compiled"),
        target.with_suffix(".run"),
    ]
    with open(target, "wb") as joined:
        for layer in layers:
            with open(layer, "rb") as file:
                shutil.copyfileobj(file, joined, 1 << 20)


def _command(row: table.Machine, work: Path, shell: bool) -> list[str]:
    machine = table.EMULATORS[row.kernel.architecture]
    root = emulator.root(machine)
    serial = ["-serial", "mon:stdio"] if shell else ["-serial", f"file:{work}/console"]
    ports = [
        *("-device", f"virtio-serial-{machine.bus}"),
        *(
            "-chardev",
            f"file,id=output,path={work}/output",
            "-device",
            "virtserialport,chardev=output,name=output",
        ),
        *(
            "-chardev",
            f"file,id=results,path={work}/results",
            "-device",
            "virtserialport,chardev=results,name=results",
        ),
    ]
    options = [option.replace("{root}", str(root)) for option in machine.options]
    return [
        *emulator.start(machine),
        *options,
        # Even where /dev/kvm is: a virtual machine's may be unfit for it, and so all rows are alike.
        *("-accel", "tcg"),
        *("-smp", str(_processors(row)), "-m", str(machine.memory)),
        *("-display", "none", "-no-reboot", "-nic", "none"),
        *serial,
        *ports,
        *("-kernel", str(image.kernel(row.kernel) / "vmlinuz"), "-initrd", f"{work}/initrd"),
        *("-append", f"{PARAMETERS} console={machine.console}"),
    ]


def _text(console: Path) -> str:
    return console.read_text(errors="replace").replace("\r", "") if console.exists() else ""


def _console(path: Path) -> str:
    """The console's last lines; of a panic, which many more may follow, the first ones."""
    lines = _text(path).splitlines()
    panic = next((index for index, line in enumerate(lines) if PANIC in line), None)
    shown = lines[-LINES:] if panic is None else lines[max(panic - 3, 0) :][:LINES]
    return "\n".join(shown) or "(the console is silent)"


def _why(row: table.Machine, work: Path, ended: bool, seconds: float, said: str) -> str:
    """What became of a machine from which no results came."""
    console = _console(work / "console")
    up = UP in _text(work / "console")
    if PANIC in console:
        what = "the kernel panicked"
    elif "Initramfs unpacking failed" in console or (not up and "No space left" in console):
        what = "the first file system did not fit into the machine's memory"
    elif shutil.disk_usage(work).free < 1 << 20:
        what = f"no space is left on the disk of {cache()}"
    elif not ended and not up:
        what = f"the machine was not up after {seconds:.0f} seconds and was ended"
    elif not ended:
        what = f"the machine was still running after {seconds:.0f} seconds and was ended (--timeout)"
    else:
        what = f"the emulator ended after {seconds:.0f} seconds without results"
    return f"{row.name}: {what}. On its console:\n{console}\n{said}".rstrip()


def _watch(process: subprocess.Popen[bytes], console: Path, output: BinaryIO, seconds: float) -> bool:
    """Show what comes out until the process ends; whether it did.

    It has that many seconds, BOOT for its start, LAST_WORDS after a panic.
    """
    began = time.monotonic()
    start, end = began + min(seconds, BOOT), began + seconds
    while True:
        ended = process.poll() is not None
        sys.stdout.buffer.write(output.read())
        sys.stdout.buffer.flush()
        said, now = _text(console), time.monotonic()
        if PANIC in said:
            end = min(end, now + LAST_WORDS)
        if ended or now > (end if UP in said or PANIC in said else start):
            return ended
        time.sleep(0.05)


def _emulate(qemu: list[str], environment: dict[str, str], work: Path, timeout: float) -> bool:
    """Run the emulator and show what comes out; whether it ended by itself."""
    (work / "output").touch()
    with open(work / "output", "rb") as output, open(work / "errors", "wb") as errors:
        process = subprocess.Popen(
            qemu, env=environment, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
        )
        try:
            return _watch(process, work / "console", output, timeout)
        finally:
            process.kill()
            process.wait()


def _found(work: Path) -> dict[str, Any]:
    """What the machine says of itself, and /results unpacked; empty where it did not get so far."""
    try:
        untar(work / "results", work / "found")
        return dict(json.loads((work / "found/machine.json").read_text()))
    except (tarfile.TarError, FileNotFoundError, ValueError):
        return {}


def run(
    row: table.Machine, python: str, command: list[str], environment: dict[str, str], timeout: float
) -> Result:
    """Boot the machine, run the command in it, show what it prints; Trouble if it did not get to its end."""
    machine = table.EMULATORS[row.kernel.architecture]
    of = revision()
    work = Path(tempfile.mkdtemp(dir=cache(), prefix=f"run-{row.name}."))
    try:
        wanted = {"command": command, "environment": {**ENVIRONMENT, **environment}, "shell": None}
        _initrd(row, python, wanted, work / "initrd")
        qemu = _command(row, work, shell=False)
        progress(f"booting {row.name}: {row.about}, Python {python}")
        began = time.monotonic()
        ended = _emulate(qemu, emulator.environment(machine), work, timeout)
        said = _text(work / "console")
        if not ended and not (UP in said or PANIC in said) and timeout > BOOT:
            # On a busy host an emulated timer was seen to stand still (i386, Linux 6.1): no test has begun.
            said = _console(work / "console")
            progress(f"{row.name} was not up after {BOOT} seconds: once more. On its console:\n{said}")
            began = time.monotonic()
            ended = _emulate(qemu, emulator.environment(machine), work, timeout)
        seconds = time.monotonic() - began
        found = _found(work)
        if "status" not in found:
            said = (work / "errors").read_text(errors="replace")
            raise Trouble(_why(row, work, ended, seconds, said))
        if found["full"]:
            progress(f"{row.name}: the machine's memory, which its files lie in, is full: {found['full']}")
        pyc_cache.keep(row, work / "found/compiled")
        shutil.rmtree(work / "found/compiled", ignore_errors=True)
        shutil.move(work / "console", work / "found")
        results = tempfile.mkdtemp(dir=cache(), prefix=f"results-{row.name}.")
        shutil.copytree(work / "found", results, dirs_exist_ok=True)
        by = machine.program
        return Result(
            *(row.name, python, found["kernel"], by, found["status"]),
            *(found["seconds"], seconds, results, of),
        )
    finally:
        shutil.rmtree(work, ignore_errors=True)


def shell(row: table.Machine, python: str, environment: dict[str, str]) -> int:
    """Boot the machine with this terminal as its console, and a shell in it."""
    with tempfile.TemporaryDirectory(dir=cache()) as work:
        columns, lines = shutil.get_terminal_size()
        environment = {**ENVIRONMENT, **environment, "TERM": os.environ.get("TERM", "vt100")}
        wanted = {"command": [], "environment": environment, "shell": (lines, columns)}
        _initrd(row, python, wanted, Path(work, "initrd"))
        progress(f"booting {row.name}: {row.about}, Python {python}; Ctrl-A X ends it at once")
        machine = table.EMULATORS[row.kernel.architecture]
        return subprocess.run(
            _command(row, Path(work), shell=True), env=emulator.environment(machine), check=False
        ).returncode
