"""Process 1 of a machine: it sets the machine up, runs what /machine.json says, brings the results out.

The results are a tar of /results with the exit status in it, through the port named `results`; what the
commands print goes through the port named `output`.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import termios
import time
import traceback
from pathlib import Path

MS_NOSUID, MS_NODEV, MS_MOVE, MS_BIND, MS_REC = 2, 4, 8192, 4096, 16384
RB_POWER_OFF, RB_AUTOBOOT = 0x4321FEDC, 0x01234567
libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int = 0, options: str = "") -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    if libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()):
        number = ctypes.get_errno()
        print(f"init: {target}: {os.strerror(number)}", flush=True)


def load_modules() -> None:
    for name in Path("/modules/order").read_text().split():
        data = Path(f"/modules/{name}.ko").read_bytes()
        if libc.init_module(data, ctypes.c_ulong(len(data)), b""):
            print(f"init: module {name}: {os.strerror(ctypes.get_errno())}", flush=True)


def enter_a_mount() -> None:
    """Make the first file system a mount like any other: what it is at first no pivot_root can leave."""
    mount("/", "/root.mount", "none", MS_BIND)
    os.chdir("/root.mount")
    mount(".", "/", "none", MS_MOVE)
    os.chroot(".")
    os.chdir("/")
    os.chmod("/", 0o755)  # a tmpfs may be written to by everybody


def set_up() -> None:
    enter_a_mount()
    mount("proc", "/proc", "proc")
    mount("sysfs", "/sys", "sysfs")
    mount("devtmpfs", "/dev", "devtmpfs")
    load_modules()
    mount("devpts", "/dev/pts", "devpts", 0, "ptmxmode=666")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV)
    mount("mqueue", "/dev/mqueue", "mqueue")
    mount("tmpfs", "/run", "tmpfs")
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    mount("cgroup2", "/sys/fs/cgroup", "cgroup2")
    for controller in Path("/sys/fs/cgroup/cgroup.controllers").read_text().split():
        Path("/sys/fs/cgroup/cgroup.subtree_control").write_text(f"+{controller}")
    mount("tracefs", "/sys/kernel/tracing", "tracefs")
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        if not os.path.lexists(f"/dev/{name}"):
            os.symlink(f"/proc/self/{target}", f"/dev/{name}")
    Path("/proc/sys/kernel/hostname").write_text("machine")
    mount("tmpfs", "/results", "tmpfs")  # of its own: a full disk shall not keep them
    loopback_up()


def loopback_up() -> None:
    request = struct.pack("16sh14x", b"lo", 0x41)  # IFF_UP | IFF_RUNNING
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, request)  # SIOCSIFFLAGS


def full() -> list[str]:
    """The file systems in memory that are full."""
    return [
        path
        for path in ("/", "/tmp", "/dev/shm")
        if (found := os.statvfs(path)).f_blocks and not found.f_bavail
    ]


def compiled() -> list[Path]:
    """What Python compiled since this machine began: what was brought along has the date 0."""
    found = []
    for top in ("/usr/lib", "/usr/local/lib", "/project"):
        for folder, _, names in os.walk(top):
            if folder.endswith("/__pycache__"):
                paths = (Path(folder, name) for name in names if name.endswith(".pyc"))
                found += [path for path in paths if path.stat().st_mtime]
    return found


def port(name: str) -> str:
    """The device of a port of the machine's."""
    for _ in range(500):
        for path in Path("/sys/class/virtio-ports").glob("*/name"):
            if path.read_text().strip() == name:
                device = f"/dev/{path.parent.name}"
                if os.path.exists(device):
                    return device
        time.sleep(0.01)
    raise FileNotFoundError(f"no port named {name}")


def run(command: list[str], **options: object) -> int:
    """The exit status of a command; orphans are reaped meanwhile."""
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]  # options of Popen, of many types
    while True:
        pid, status = os.wait()
        if pid == process.pid:
            process.returncode = code = os.waitstatus_to_exitcode(status)
            return code


def shell(environment: dict[str, str], lines: int, columns: int) -> None:
    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    # The console with which process 1 begins has no name: it is older than what is now mounted at /dev.
    with open("/dev/console", "r+b", buffering=0) as console:
        fcntl.ioctl(console, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))
        print("A shell in the machine: the project is in /project. `exit` ends the machine.", flush=True)
        run(
            ["/bin/bash", "--login"],
            **dict.fromkeys(("stdin", "stdout", "stderr"), console),
            cwd="/project",
            env=environment,
            preexec_fn=own_terminal,
        )


def main() -> None:
    set_up()
    wanted = json.loads(Path("/machine.json").read_text())
    found: dict[str, object] = {"kernel": platform.release(), "machine": platform.machine()}
    environment = {**wanted["environment"], "PATH": "/usr/bin:/usr/sbin", "HOME": "/root", "LANG": "C.UTF-8"}
    if wanted["shell"]:
        shell(environment, *wanted["shell"])
        return
    began = time.monotonic()
    with open(port("output"), "wb", buffering=0) as output:
        print("init: up", flush=True)  # boot.py waits for it
        try:
            status = run(
                wanted["command"],
                cwd="/project",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            found["status"] = status if status >= 0 else 128 - status  # as a shell reports a signal
        except OSError:
            output.write(traceback.format_exc().encode())
    found["seconds"] = time.monotonic() - began
    found["full"] = full()
    Path("/results/machine.json").write_text(json.dumps(found))
    with (
        open(port("results"), "wb", buffering=0) as results,
        tarfile.open(fileobj=results, mode="w|") as archive,
    ):
        archive.add("/results", ".")
        for path in compiled():
            archive.add(path, f"compiled{path}")


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.sync()
        libc.reboot(ctypes.c_uint(RB_POWER_OFF))
        libc.reboot(ctypes.c_uint(RB_AUTOBOOT))
        signal.pause()
