"""A row's programs on this machine's own kernel, where neither an emulated machine nor root is to be had.

qemu-user emulates the processor alone and hands system calls on to this kernel, translated: quicker than a
machine, but what it does not translate or does otherwise is not what that architecture does. A test learns
from PYSYS_EMULATION=user that it runs so.

Nothing of this machine changes. All namespaces are this run's own, the user namespace among them, and so is
the registration of the emulator with binfmt_misc: since Linux 6.7 a user namespace may have its own.
"""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from machines import emulator, image, project, pyc_cache, table
from machines.cache import cache, progress
from machines.errors import Trouble
from machines.report import Result, revision

PACKAGES = ("qemu-user",)  # all of them, linked statically: they need nothing in the root folder
PATIENCE = 5
NAMESPACES = "--user --map-root-user --mount --pid --net --ipc --uts --cgroup".split()
# As Debian registers it: argv[0] is kept (P), the program comes opened (O) and with its credentials (C), and
# the emulator is opened now (F), so that it need not be in the root folder.
FLAGS = "POCF"
# $1 is the root folder, $2 the registration, the rest is the command. This shell stays process 1 and reaps
# orphans; its own programs are the host's. What goes wrong before the command goes to stderr.
SET_UP = r"""
set -e
mount --bind "$1" "$1"
cd "$1"
mkdir -p binfmt_misc sys tmp dev proc run
mount -t binfmt_misc none binfmt_misc
printf %s "$2" >binfmt_misc/register
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup || :
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs tmpfs run
# Not of mode 1777, tmpfs's own: in such a folder O_CREAT, as of > /dev/null, fails for another user's device.
mount -t tmpfs -o mode=755 tmpfs dev
for name in full null random tty urandom zero; do
    touch dev/$name
    mount --bind /dev/$name dev/$name
done
mkdir dev/mqueue dev/pts dev/shm
mount -t mqueue mqueue dev/mqueue
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
hostname machine
shift 2
# The top of all mounts: in a mere chroot no user namespace could be made. Without -n, mount then wants to
# write down what it did, where only root may, and fails.
mount -n --move . /
chroot . mkdir /results    # the first program that is emulated; the folder says that it was
set +e
chroot . env --chdir=/project -- "$@" 2>&1
exit $?
"""
REFUSED = """
Needed are Linux 6.7 or newer with binfmt_misc, and user namespaces: not forbidden by the sysctls
user.max_user_namespaces, kernel.unprivileged_userns_clone or kernel.apparmor_restrict_unprivileged_userns,
nor by the container that this may be, which must hide nothing of /proc and /sys (docker: --privileged)."""


def _entries(layer: Path) -> Iterator[tuple[str, int, int, bytes]]:
    """What an archive of cpio.Writer's holds: name, mode, date and data."""
    with open(layer, "rb") as file:
        while header := file.read(110):
            mode, date, size, length = (int(header[at : at + 8], 16) for at in (14, 46, 54, 94))
            name = file.read(length + -(110 + length) % 4).rstrip(b"\0").decode()
            data = file.read(size + -size % 4)[:size]
            if name != "TRAILER!!!":
                yield name, mode, date, data


def _unpack(layer: Path, root: Path) -> None:
    """What a kernel does with a layer, but for devices, as this user. The later of two of a name remains."""
    for name, mode, date, data in _entries(layer):
        path = root / name
        if stat.S_ISDIR(mode):
            path.mkdir(exist_ok=True)
            path.chmod(stat.S_IMODE(mode) | 0o700)
        elif stat.S_ISLNK(mode) or stat.S_ISREG(mode):
            path.unlink(missing_ok=True)
            if stat.S_ISLNK(mode):
                path.symlink_to(data.decode())
            else:
                path.write_bytes(data)
                path.chmod(stat.S_IMODE(mode) | 0o600)
                os.utime(path, (date, date))


def _registration(program: Path, interpreter: Path) -> str:
    """What makes a kernel start the interpreter for programs that begin as this one."""
    magic = program.read_bytes()[:20]  # of ELF's header: up to the type and the machine
    mask = bytearray(b"\xff" * 7 + b"\0" * 9 + b"\xff" * 4)  # whatever the system's ABI says
    mask[16 if magic[5] == 1 else 17] = 0xFE  # type 2 or 3, in the byte order that byte 5 says
    escaped = ("".join(f"\\x{byte:02x}" for byte in part) for part in (magic, bytes(mask)))
    return f":emulated:M:0:{':'.join(escaped)}:{interpreter}:{FLAGS}"


def _interpreter(row: table.Row) -> Path:
    if row.architecture in ("amd64", "i386"):
        raise Trouble(f"{row.name}: an x86 kernel runs its programs itself: tox -e py, i386, newer")
    program = f"qemu-{row.architecture}"
    if other := os.environ.get("PYSYS_QEMU"):
        if not shutil.which(Path(other, program)):
            raise Trouble(f"no {program} in {other}: install qemu-user, or leave PYSYS_QEMU unset")
        return Path(other, program).resolve()
    return (emulator.folder(PACKAGES) / "usr/bin" / program).resolve(strict=True)


def run(
    row: table.Row, python: str, command: list[str], environment: dict[str, str], timeout: float
) -> Result:
    """Run the command in a root folder of its own and show what it prints; Trouble if it cannot start."""
    interpreter = _interpreter(row)
    environment = {
        "PYSYS_EMULATION": "user",
        "PYSYS_NATIVE": "/native.so",
        "PYSYS_REPORTER": "/reporter",
        "PYSYS_PATIENCE": str(PATIENCE),
        "COVERAGE_FILE": "/results/.coverage",
        "PATH": "/usr/bin:/usr/sbin:/bin:/sbin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        **environment,
    }
    of = revision()
    work = Path(tempfile.mkdtemp(dir=cache(), prefix=f"run-{row.name}."))
    root = work / "root"
    try:
        root.mkdir()
        project.layer(row, work / "project")
        pyc_cache.layer(row, work / "compiled")
        for layer in (image.programs(row), work / "project", work / "compiled"):
            _unpack(layer, root)
        registration = _registration(root / f"usr/bin/python{python}", interpreter)
        unshare = ["unshare", *NAMESPACES, "--fork", "--kill-child", "--", "sh", "-c", SET_UP, row.name]
        progress(f"{row.name}, the processor emulated: {row.about}, Python {python}")
        sys.stdout.flush()
        began = time.monotonic()
        with open(work / "errors", "wb") as errors:
            process = subprocess.Popen(
                [*unshare, str(root), registration, *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stderr=errors,
            )
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                raise Trouble(
                    f"{row.name}: still running after {timeout:.0f} seconds and ended (--timeout)"
                ) from None
            finally:
                process.kill()
                process.wait()
        ended = time.monotonic()
        if not (root / "results").exists():
            said = (work / "errors").read_text(errors="replace").strip()
            raise Trouble(f"{row.name}: its programs cannot be run on this kernel: {said}{REFUSED}")
        pyc_cache.keep(row, root)
        results = tempfile.mkdtemp(dir=cache(), prefix=f"results-{row.name}.")
        shutil.copytree(root / "results", results, dirs_exist_ok=True)
        by = f"{interpreter.name.removeprefix('qemu-')}, user mode"
        seconds = ended - began
        return Result(row.name, python, platform.release(), by, status, seconds, seconds, results, of)
    finally:
        shutil.rmtree(work, ignore_errors=True)
