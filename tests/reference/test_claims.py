"""What pages say in figures and details, asked of the kernel: one provocation alone would not notice.

Each of these was wrong once.
"""

from __future__ import annotations

import errno
import os
import re
import resource
import subprocess
from pathlib import Path

import pytest
from skips import skipped_if

from pysys import calls, clone, errors, flags, fork, metadata
from pysys.flags import (
    BPF_K,
    BPF_RET,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    KEY_SPEC_THREAD_KEYRING,
    KEYCTL_GET_KEYRING_ID,
    PR_SET_NO_NEW_PRIVS,
    SECCOMP_RET_ALLOW,
    SECCOMP_SET_MODE_FILTER,
)
from pysys.structures import sock_filter, sock_fprog

RELEASE = tuple(map(int, re.findall(r"\d+", os.uname().release)[:2]))
four_kib = pytest.mark.skipif(os.sysconf("SC_PAGE_SIZE") != 4096, reason="the figures are of pages of 4 KiB")


def said(name: str, symbol: str, pattern: str) -> int:
    """The number in the one cause that has these words."""
    texts = [" ".join(cause.when.split()) for cause in metadata.causes(name, symbol)]
    (found,) = [match for text in texts if (match := re.search(pattern, text))]
    return int(found[1].replace(",", ""))


def needs_userns() -> None:
    """Tried in a process that does not stay there."""
    pid = fork()
    if pid == 0:
        status = 255
        try:
            calls.unshare(CLONE_NEWUSER)
            status = 0
        except OSError as error:
            status = error.errno or 255
        finally:
            os._exit(status)
    if status := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        assert status in (errno.EPERM, errno.ENOSPC, errno.EINVAL), status
        pytest.skip(f"unshare: {os.strerror(status)}: user namespaces are not for everybody here")


def deepest(flag: int) -> int:
    """How many namespaces of a kind can be one inside the other, below this one."""
    uid, gid = os.getuid(), os.getgid()
    reader, writer = os.pipe()
    pid = fork()
    if pid:
        os.close(writer)
        os.waitpid(pid, 0)
        with os.fdopen(reader) as file:
            return int(file.read())
    depth = 0
    if flag == CLONE_NEWPID:
        calls.unshare(CLONE_NEWUSER)
    try:
        while True:
            calls.unshare(flag)
            depth += 1
            if flag == CLONE_NEWUSER:
                for name, text in ("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1"):
                    Path("/proc/self", name).write_text(text)
                uid = gid = 0
            elif child := fork():
                os.waitpid(child, 0)
                os._exit(0)
    except errors.ENOSPC:
        os.write(writer, str(depth).encode())
    finally:
        os._exit(0)


@pytest.mark.isolated
@pytest.mark.parametrize("kind", ["user", "pid"])
def test_how_deep_namespaces_are(kind: str) -> None:
    """Three pages say it; where this process is in one already, fewer are left."""
    needs_userns()
    found = {
        said("unshare", "ENOSPC", rf"^More than (\d+) {kind} namespaces"),
        *(said(name, "ENOSPC", rf"(?i)^{kind} namespaces .* (\d+) deep") for name in ("clone", "clone3")),
    }
    (most,) = found
    flag, first = {"user": (CLONE_NEWUSER, 0xEFFFFFFD), "pid": (CLONE_NEWPID, 0xEFFFFFFC)}[kind]
    if Path("/proc/self/ns", kind).stat().st_ino == first:
        assert deepest(flag) == most
    else:
        assert 0 < deepest(flag) < most


def test_how_many_scripts_are_in_a_row(tmp_path: Path) -> None:
    """Five run, of which each is the interpreter of the one before, and the sixth is one too many."""
    assert "More than five scripts in a row, the first included" in metadata.causes("execve", "ELOOP")[0].when
    last = "/bin/true"
    for number in range(6):
        script = tmp_path / str(number)
        script.write_text(f"#!{last}\n")
        script.chmod(0o755)
        last = str(script)
        if number < 5:
            assert subprocess.run([last], check=False).returncode == 0
    with pytest.raises(OSError, match="Too many levels"):
        subprocess.run([last], check=False)


def test_which_blanks_of_a_first_line_stay(tmp_path: Path) -> None:
    assert "inner blanks stay" in " ".join(metadata.page("execve").description.split())
    script = tmp_path / "script"
    script.write_text("#!/bin/echo  [a  b] \t \n")
    script.chmod(0o755)
    assert subprocess.run([script], check=True, capture_output=True, text=True).stdout == f"[a  b] {script}\n"


@pytest.mark.isolated
@four_kib
def test_arguments_lie_in_the_stack() -> None:
    """128 KiB always fit, but for a stack of that size."""

    def run(stack: int) -> int:
        return subprocess.run(
            ["/bin/true", "x" * 65_000, "x" * 65_000],
            check=False,
            env={},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.RLIM_INFINITY)),
        ).returncode

    assert run(256 << 10) == 0  # a quarter of it would be half of this
    with pytest.raises(OSError, match="Argument list too long"):
        run(64 << 10)


@pytest.mark.isolated
def test_filters_count_after_translation() -> None:
    """As many of one instruction as the page's figures allow, and not one more."""
    text = " ".join(metadata.causes("seccomp", "ENOMEM")[0].when.split())
    most, extra, one = (
        int(match[1].replace(",", ""))
        for pattern in (r"exceed ([\d,]+) instructions", r"at (\d+) extra", r"of 1 instruction counts (\d+)")
        if (match := re.search(pattern, text))
    )
    count = re.search(r"Seccomp_filters:\t(\d+)", Path("/proc/self/status").read_text())
    if count is None:
        pytest.skip("this kernel does not say how many filters there are (5.9 and later do)")
    if count[1] != "0":
        pytest.skip(f"this process has {count[1]} filters already, which count, too")
    allow = sock_filter(code=BPF_RET | BPF_K, k=SECCOMP_RET_ALLOW)
    program = sock_fprog(len=1, filter=sock_filter.array([allow]))
    calls.prctl(PR_SET_NO_NEW_PRIVS, 1)
    number = 0
    try:
        while True:
            calls.seccomp(SECCOMP_SET_MODE_FILTER, 0, program)
            number += 1
    except errors.ENOMEM:
        assert number == (most - one) // (one + extra) + 1


@pytest.mark.isolated
def test_an_exit_signal_that_does_not_exist() -> None:
    """The page says which kernels took it."""
    (text,) = [
        one.when for one in metadata.causes("clone", "EINVAL") if "Kernels up to and including" in one.when
    ]
    last = tuple(map(int, text.split("including ")[1].split()[0].split(".")))
    try:
        pid = clone(exit_signal=65)
    except errors.EINVAL:
        assert last < RELEASE
        return
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, flags.WALL)
    assert last >= RELEASE


@pytest.mark.isolated
def test_a_child_has_no_thread_keyring() -> None:
    assert any(
        "the child has none until it asks for one" in one for one in metadata.page("fork").kept.differs
    )
    with skipped_if(errors.EPERM, errors.EDQUOT):  # a container's filter; the user's quota of keys is full
        calls.keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_THREAD_KEYRING, 1)  # made
    pid = fork()
    if pid == 0:
        try:
            calls.keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_THREAD_KEYRING, 0)
        except errors.ENOKEY:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0


@pytest.mark.isolated
@four_kib
def test_how_long_a_map_is() -> None:
    """That number of lines, and less than a page."""
    text = " ".join(
        next(one.text for one in metadata.page("unshare").pitfalls if one.title.startswith("The map")).split()
    )
    lines = re.search(r"One write of at most (\d+) lines and less than a page of bytes", text)
    assert lines
    most = int(lines[1])
    if os.geteuid() != 0 or "4294967295" not in Path("/proc/self/uid_map").read_text():
        pytest.skip("only root of the first user namespace may map ids that are not its own")
    needs_userns()

    def works(text: str) -> bool:
        reader, writer = os.pipe()
        pid = fork()
        if pid == 0:
            calls.unshare(CLONE_NEWUSER)
            os.write(writer, b"x")
            os.read(os.pipe()[0], 1)  # until it is killed
        os.read(reader, 1)
        try:
            Path(f"/proc/{pid}/uid_map").write_text(text)
        except OSError as error:
            assert error.errno == errno.EINVAL
            return False
        else:
            return True
        finally:
            os.kill(pid, 9)
            os.waitpid(pid, 0)

    line = "{0} {0} 1\n".format
    assert works("".join(map(line, range(most))))
    assert not works("".join(map(line, range(most + 1))))
    assert not works("".join(f"{one:5} {one:7} 1\n" for one in range(most)))
