"""pysys.why: programs that give up, each for an ordinary reason, and what is said of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from cli_command import CLEAN, PYSYS
from isolated import folder, need_root, until
from paths import PROJECT
from patience import PATIENCE

from pysys import Why, abi, trace, why
from pysys.diagnosis.failures import Finding, Verdict
from pysys.diagnosis.failures.interpreters import interpreter
from pysys.reasons import Failure

pytestmark = pytest.mark.isolated
# `portable`: on an emulated machine each takes a minute; other tests say there what differs.

NOBODY = 65534
# An ordinary user, with no group; where there are no rights to give up, the one that runs the tests.
BECOME = f"""
import os, sys
def become():
    if os.geteuid() == 0:
        import ctypes
        os.setgroups([]); os.setresgid(*3 * [{NOBODY}]); os.setresuid(*3 * [{NOBODY}])
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # its /proc is its own
"""


def python(source: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", textwrap.dedent(BECOME) + textwrap.dedent(source)]


def first(found: Why, call: str, errno: str) -> Failure:
    """The failure that is shown first, which is of this call."""
    assert found.failures, str(found)
    one = found.failures[0]
    assert (one.call.name.removesuffix("64"), one.call.errno) == (call, errno), str(found)
    return one


def proves(failure: Failure, *words: str) -> Finding:
    """Its first finding is proven, and has these words."""
    one = failure.diagnosis[0]
    assert one.verdict is Verdict.PROVEN, str(failure.diagnosis)
    assert all(word in one.sentence for word in words), str(failure.diagnosis)
    return one


def mentions(failure: Failure, word: str) -> None:
    """One of the findings that are not excluded has this word."""
    left = [one for one in failure.diagnosis if one.verdict is not Verdict.EXCLUDED]
    assert any(word in f"{one.sentence} {one.advice}" for one in left), str(failure.diagnosis)


# ---- the ten ----


@pytest.mark.portable
def test_a_port_is_taken() -> None:
    """The call and its address are shown, and no cause of another family."""
    found = why(
        python("""
        import socket
        one = socket.create_server(("127.0.0.1", 0))
        socket.socket().bind(one.getsockname())
    """)
    )
    assert found.returncode == 1
    failure = first(found, "bind", "EADDRINUSE")
    assert "AF_INET ('127.0.0.1', " in str(found)
    mentions(failure, "port")
    assert "AF_UNIX" not in str(failure.diagnosis)


@pytest.mark.once
def test_a_port_below_1024() -> None:
    """For an ordinary user."""
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80:
        pytest.skip("any user may take port 80 here")
    found = why(
        python("""
        import socket
        become()
        socket.socket().bind(("127.0.0.1", 80))
    """)
    )
    mentions(first(found, "bind", "EACCES"), "ip_unprivileged_port_start")


def program_with(place: Path, before: bytes, after: bytes) -> Path:
    """A copy of a program in which a string is another one of the same length."""
    content = Path(str(shutil.which("true"))).read_bytes()
    if before not in content:
        pytest.skip("this machine's programs do not name their C library so")
    file = place / "program"
    file.write_bytes(content.replace(before, after))
    file.chmod(0o755)
    return file


def test_a_library_is_missing() -> None:
    """It is named, with the number of places; the loader's other misses are not shown."""
    with folder() as place:
        found = why([program_with(place, b"libc.so.6\0", b"libQ.so.6\0")])
        assert found.returncode == 127
        failure = first(found, "openat", "ENOENT")
        proves(failure, "libQ.so.6", f"{len(failure.tried) + 1} place")
        assert failure.tried and all(one.endswith("libQ.so.6") for one in failure.tried)
        assert len(found.failures) == 1
        assert "libQ.so.6: cannot open shared object file" in found.said


@pytest.mark.once
@pytest.mark.parametrize("by_shell", [False, True])
def test_the_interpreter_of_a_script_is_missing(by_shell: bool) -> None:
    """It is named, also where the execve is another program's."""
    with folder() as place:
        script = place / "script"
        script.write_text("#!/nonexistent/interpreter -x\n")
        script.chmod(0o755)
        found = why(["sh", "-c", f"{script}; exit 127"] if by_shell else [script])
        assert found.returncode == 127
        proves(first(found, "execve", "ENOENT"), str(script), "/nonexistent/interpreter")


@pytest.mark.once
def test_the_loader_of_a_program_is_missing() -> None:
    """It is named."""
    name = interpreter(Path(str(shutil.which("true"))).read_bytes())
    assert name is not None
    other = "/nonexistent"[: len(name)].ljust(len(name), "x")
    with folder() as place:
        found = why([program_with(place, os.fsencode(name) + b"\0", other.encode() + b"\0")])
        proves(first(found, "execve", "ENOENT"), other)


@pytest.mark.once
def test_there_is_no_such_program() -> None:
    """PATH is named."""
    found = why(["no-such-program-of-pysys"])
    assert found.returncode == 127
    proves(first(found, "execve", "ENOENT"), "PATH", "no-such-program-of-pysys")


def filtered(words: str, then: str) -> list[str]:
    """A program that installs a filter of its own."""
    support = str(PROJECT / "tests/support")
    return [
        sys.executable,
        "-c",
        f"import sys, os, errno; sys.path.insert(0, {support!r})\n"
        f"from pysys import numbers\nfrom isolated import filter_calls, end_at_calls\n{words}\n{then}",
    ]


def may_read_filters() -> bool:
    """Whether this process may read another one's filters: it is root in the first namespace, unfiltered."""
    status = Path("/proc/self/status").read_text()
    held = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
    first = Path("/proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]
    return bool(held >> 21 & 1) and first and "Seccomp:\t0" in status


@pytest.mark.portable
def test_its_own_filter_answers() -> None:
    """Proven where filters can be read, else unknown; the path of the call would have been made."""
    with folder() as place:
        install = 'filter_calls([numbers.number("getsid")], errno.EPERM)'
        found = why(filtered(install, "os.getsid(0)"))
        failure = first(found, "getsid", "EPERM")
        if may_read_filters():
            proves(failure, "Filter ", "EPERM")
        else:
            assert failure.diagnosis[0].verdict is not Verdict.PROVEN
        assert place


@pytest.mark.once
def test_its_own_filter_lets_the_call_pass() -> None:
    """An errno of the kernel is not the filter's."""
    if not may_read_filters():
        pytest.skip("filters cannot be read here")
    install = 'filter_calls([numbers.number("getsid")], errno.EPERM)'
    source = f"os.setresuid(-1, {NOBODY}, -1); os.chmod('/', 0o755)"
    found = why(filtered(install, source))
    failure = first(found, "chmod" if abi.current().name == "x86_64" else "fchmodat", "EPERM")
    excluded = [one.sentence for one in failure.diagnosis if one.verdict is Verdict.EXCLUDED]
    assert any("filters of this process let" in one for one in excluded), str(failure.diagnosis)


def test_a_filter_ends_it() -> None:
    """The signal, and the call that the filter does not allow."""
    install = 'end_at_calls([numbers.number("getsid")], 0)'
    found = why(filtered(install, "os.getsid(0)"))
    assert (found.returncode, found.signal) == (-signal.SIGSYS, "SIGSYS")
    (finding,) = found.ends[0].findings
    assert finding.verdict is Verdict.PROVEN and "getsid" in finding.sentence
    assert ("KILL_PROCESS" in finding.read) == may_read_filters()


@pytest.mark.portable
def test_no_descriptor_is_left() -> None:
    """RLIMIT_NOFILE, with how many are open."""
    found = why(
        python("""
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
        while True:
            os.open("/", os.O_RDONLY)
    """)
    )
    proves(first(found, "openat", "EMFILE"), "20 descriptors")


@pytest.mark.once
def test_the_address_space_is_used_up() -> None:
    """RLIMIT_AS, with what was asked for."""
    found = why(
        python("""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
        bytearray(1 << 30)
    """)
    )
    assert "MemoryError" in found.said
    failure = found.failures[0]
    assert failure.call.name in ("mmap", "mmap2") and failure.call.errno == "ENOMEM"
    finding = proves(failure, "RLIMIT_AS", str(1 << 29))
    assert "more are asked for" in finding.read


@pytest.mark.once
def test_memory_that_is_asked_for_in_vain_otherwise() -> None:
    """The limit is excluded where it allows that much."""
    found = why(
        python("""
        import mmap, resource
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mremap.restype = ctypes.c_void_p
        os._exit(libc.munlock(ctypes.c_void_p(4096), 4096) and 3)
    """)
    )
    failure = first(found, "munlock", "ENOMEM")
    assert not any("RLIMIT_AS" in one.sentence for one in failure.diagnosis)


@pytest.mark.once
def test_no_further_process() -> None:
    """RLIMIT_NPROC, and whose processes count."""
    found = why(
        python("""
        import resource
        become()
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
        os.fork()
    """)
    )
    failure = found.failures[0]
    assert failure.call.errno == "EAGAIN" and failure.call.name in ("clone", "clone3", "fork"), str(found)
    user = NOBODY if os.geteuid() == 0 else os.getuid()
    finding = proves(failure, f"User {user} ")
    assert "RLIMIT_NPROC is 1" in finding.read


MOUNT = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def mount(*args):
    if libc.mount(*args):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""


@pytest.mark.once
def test_a_mount_is_denied() -> None:
    """An ordinary user may not mount."""
    found = why(python(MOUNT + 'become(); mount(b"none", b"/", b"tmpfs", 0, None)'))
    mentions(first(found, "mount", "EPERM"), "CAP_SYS_ADMIN")


@pytest.mark.portable
def test_a_read_only_root() -> None:
    """Looked at in the process's root and mount namespace: here the same path is another file."""
    need_root()
    with folder() as place:
        (place / "there").write_text("")
        found = why(
            python(
                MOUNT
                + f"""
place = {str(place)!r}.encode()
if libc.unshare(0x20000):
    os._exit(77)
mount(b"none", b"/", None, 0x44000, None)
mount(b"tmpfs", place, b"tmpfs", 0, None)
os.mkdir(place + b"/there")
mount(None, place, None, 0x21, None)
os.chroot(place)
open("/there/file", "w")
"""
            )
        )
        if found.returncode == 77:
            pytest.skip("a mount namespace cannot be made here")
        failure = first(found, "openat", "EROFS")
        proves(failure, "read-only")
        assert os.listdir(place) == ["there"]


def mapping(line: str) -> Failure:
    """What is said of a process that writes this line to its own uid_map."""
    found = why(
        python(f"""
        import ctypes
        become()
        if ctypes.CDLL(None).unshare(0x10000000):
            os._exit(77)
        os.write(os.open("/proc/self/uid_map", os.O_WRONLY), b"{line}\\n")
    """)
    )
    if found.returncode == 77:
        pytest.skip("an ordinary user may make no user namespace here")
    return found.failures[0]


@pytest.mark.once
def test_a_wrong_map() -> None:
    """Without rights a process maps only its own id."""
    failure = mapping("0 1 1")
    assert (failure.call.name, failure.call.errno) == ("write", "EPERM")
    mentions(failure, f"{NOBODY if os.geteuid() == 0 else os.geteuid()}, not 1")


@pytest.mark.once
def test_a_map_of_two_words() -> None:
    """The line is named."""
    failure = mapping("0 1")
    assert (failure.call.name, failure.call.errno) == ("write", "EINVAL")
    proves(failure, "'0 1' is not a line")


@pytest.mark.once
def test_a_capability_is_missing() -> None:
    """The reference names it."""
    found = why(python("import socket; become(); socket.sethostname('x')"))
    mentions(first(found, "sethostname", "EPERM"), "CAP_SYS_ADMIN")


# ---- in the place of the process ----


@pytest.mark.once
def test_as_its_user() -> None:
    """A file that root may read, and the process may not."""
    need_root()
    with folder() as place:
        (place / "secret").write_text("")
        (place / "secret").chmod(0o600)
        found = why(python(f"become(); open({str(place / 'secret')!r})"))
        finding = proves(first(found, "openat", "EACCES"), "secret may not be read")
        assert f"this process is user {NOBODY} " in finding.read


@pytest.mark.portable
def test_in_its_user_namespace() -> None:
    """A user of that namespace, who has all capabilities there."""
    need_root()
    with folder() as place:
        (place / "secret").write_text("")
        (place / "secret").chmod(0o600)
        found = why(
            python(f"""
            import ctypes
            become()
            if ctypes.CDLL(None).unshare(0x10000000):
                os._exit(77)
            os.write(os.open("/proc/self/uid_map", os.O_WRONLY), b"7 {NOBODY} 1\\n")
            open({str(place / "secret")!r})
        """)
        )
        if found.returncode == 77:
            pytest.skip("no user namespace")
        finding = proves(first(found, "openat", "EACCES"), "secret may not be read")
        assert "this process is user 7 " in finding.read


@pytest.mark.once
def test_with_its_descriptors() -> None:
    """A number that is a file there, and something else or nothing here."""
    with folder() as place:
        (place / "file").write_text("")
        found = why(
            python(f"""
            os.dup2(os.open({str(place / "file")!r}, os.O_RDONLY), 17)
            os.open("inner", os.O_RDONLY, dir_fd=17)
        """)
        )
        failure = first(found, "openat", "ENOTDIR")
        proves(failure, "is not a directory")
        found = why(python('os.open("inner", os.O_RDONLY, dir_fd=1 << 20)'))
        proves(first(found, "openat", "EBADF"), "not open")


@pytest.mark.once
def test_in_its_directory() -> None:
    """A relative path begins where the process is."""
    with folder() as place:
        (place / "inner").mkdir()
        found = why(python(f"os.chdir({str(place / 'inner')!r}); os.rmdir('../inner/x/y')"))
        failure = next(one for one in found.failures if one.call.errno == "ENOENT")
        assert failure.directory == str(place / "inner")
        assert os.path.isdir(place / "inner")


# ---- which failures matter ----


@pytest.mark.portable
def test_nothing_has_failed() -> None:
    """A program that ends with 0, whatever it tried."""
    found = why(
        python("""
        try:
            open("/nonexistent/file")
        except OSError:
            pass
    """)
    )
    assert (found.returncode, found.failures, found.signal) == (0, (), "")
    assert "Nothing has failed" in str(found)


@pytest.mark.once
def test_what_was_found_elsewhere_is_left_out() -> None:
    """A search that succeeded does not matter, and one that did not comes first."""
    with folder() as place:
        (place / "settings.conf").write_text("")
        found = why(
            python(f"""
            for name in ("settings.conf", "another.conf"):
                for where in ("/nonexistent", {str(place)!r}):
                    try:
                        open(where + "/" + name)
                    except OSError:
                        pass
            os._exit(5)
        """)
        )
        assert found.returncode == 5
        failure = first(found, "openat", "ENOENT")
        assert failure.call.arguments["filename"] == str(place / "another.conf")
        assert failure.tried == ("/nonexistent/another.conf",)
        assert "settings.conf" not in str(found).partition("openat")[2]


@pytest.mark.once
def test_a_message_says_which_one_matters() -> None:
    """Of two failures, that which standard error names, though another came later."""
    with folder() as place:
        found = why(
            python(f"""
            for name in ("first", "second"):
                try:
                    os.mkdir({str(place)!r} + "/" + name + "/inner")
                except OSError as error:
                    if name == "first":
                        message = str(error)
            os.write(2, message.encode())
            os._exit(1)
        """)
        )
        assert [one.call.arguments["pathname"] for one in found.failures] == [str(place / "first/inner")]


@pytest.mark.portable
def test_the_failure_of_a_child() -> None:
    """It is shown with the process and its program."""
    found = why(["sh", "-c", "cat /nonexistent/file; exit 3"])
    assert found.returncode == 3
    failure = first(found, "openat", "ENOENT")
    assert failure.call.pid != found.pid and failure.program == "cat /nonexistent/file"
    proves(failure, "/nonexistent")
    assert f"by process {failure.call.pid}, cat" in str(found)


# ---- signals ----


@pytest.mark.once
def test_a_file_becomes_too_large() -> None:
    """SIGXFSZ and its limit."""
    with folder() as place:
        found = why(
            python(f"""
            import resource, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
            os.write(os.open({str(place / "file")!r}, os.O_CREAT | os.O_WRONLY), bytes(10))
            os.write(3, b"more")
        """)
        )
        assert found.signal == "SIGXFSZ"
        assert "RLIMIT_FSIZE allows, 10 bytes" in found.ends[0].findings[0].sentence


@pytest.mark.once
def test_a_pipe_that_nobody_reads() -> None:
    """SIGPIPE."""
    found = why(
        python("""
        import signal
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        read, write = os.pipe()
        os.close(read)
        os.write(write, b"x")
    """)
    )
    assert found.signal == "SIGPIPE" and "nobody reads" in found.ends[0].findings[0].sentence


@pytest.mark.portable
def test_a_null_pointer() -> None:
    """SIGSEGV, with the address."""
    found = why(python("import ctypes; ctypes.string_at(8)"))
    assert found.signal == "SIGSEGV" and "null pointer: address 0x8" in found.ends[0].findings[0].sentence


@pytest.mark.portable
def test_a_stack_that_overflows() -> None:
    """SIGSEGV below the stack's end, by a limit that is smaller than what is used."""
    found = why(["sh", "-c", "ulimit -s 512; deeper() { deeper; }; deeper"])
    assert found.signal == "SIGSEGV"
    assert "The stack has overflowed" in found.ends[0].findings[0].sentence, str(found)


@pytest.mark.once
def test_who_has_sent_sigkill() -> None:
    """Another traced process."""
    found = why(["sh", "-c", "sh -c 'kill -9 $PPID'; exit 1"])
    assert found.signal == "SIGKILL"
    (finding,) = found.ends[0].findings
    assert finding.verdict is Verdict.PROVEN and "kill -9" in finding.sentence


# ---- a process that runs already ----

LOOP = """
import threading, time
def work():
    while True:
        time.sleep(0.01)
        try:
            os.mkdir("/proc/nothing")
        except OSError:
            pass
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    print("answer", flush=True)
"""


def running() -> subprocess.Popen[str]:
    started = subprocess.Popen(python(LOOP), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None and started.stdout.readline() == "ready\n"
    return started


def goes_on(process: subprocess.Popen[str]) -> None:
    """It answers, and nobody traces one of its threads."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("?\n")
    process.stdin.flush()
    assert process.stdout.readline() == "answer\n"
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        assert "TracerPid:\t0\n" in (task / "status").read_text()
    process.stdin.close()
    assert process.wait(60 * PATIENCE) == 0


@pytest.mark.portable
def test_all_threads_are_traced_and_go_on() -> None:
    """trace(pid=): the calls of each thread are seen, and the process goes on afterwards."""
    process = running()
    tids = {int(name) for name in os.listdir(f"/proc/{process.pid}/task")}
    assert len(tids) == 4
    seen = set()
    with trace(pid=process.pid, calls="mkdir,mkdirat") as events:
        for event in events:
            seen.add(event.tid)
            if len(seen) == 3:
                break
    assert seen == tids - {process.pid}
    assert events.returncode is None
    goes_on(process)


@pytest.mark.once
def test_either_a_program_or_a_process() -> None:
    """ValueError for both, and for neither."""
    with pytest.raises(ValueError, match="argv"):
        trace(["true"], pid=os.getpid())
    with pytest.raises(ValueError, match="argv"):
        trace()


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler for a signal: it begins to trace before."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> number - 1 & 1)


@pytest.mark.once
@pytest.mark.parametrize("command", ["why", "trace"])
def test_ctrl_c_lets_it_go_on(command: str) -> None:
    """-p: the command ends with 0 at SIGINT, and the process goes on."""
    process = running()
    options = ["-e", "failed"] if command == "trace" else []
    with folder() as place:
        file = place / "report"
        tracer = subprocess.Popen(
            [*PYSYS, command, *options, "-o", str(file), "-p", str(process.pid)], env=CLEAN
        )
        until(lambda: catches(tracer.pid, signal.SIGTERM), 60)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(60 * PATIENCE)
        assert tracer.returncode == 0
        goes_on(process)
        assert command == "trace" or "goes on." in file.read_text()


# ---- the command ----


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [*PYSYS, "why", *words]
    return subprocess.run(command, env=CLEAN, capture_output=True, text=True, timeout=60 * PATIENCE)


@pytest.mark.portable
def test_the_command() -> None:
    """Its exit status is the program's; the report is text or JSON, on standard error or in a file."""
    done = run("--", "sh", "-c", "echo out; cat /nonexistent/file; exit 4")
    assert (done.returncode, done.stdout) == (4, "out\n")
    assert "The directory /nonexistent, on the way to /nonexistent/file, is not there." in done.stderr
    with folder() as place:
        done = run("--json", "-o", str(place / "report"), "--", "sh", "-c", "kill -SEGV $$")
        assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGSEGV, "", "")
        data = json.loads((place / "report").read_text())
    assert (data["returncode"], data["signal"]) == (-signal.SIGSEGV, "SIGSEGV")
    assert "sent SIGSEGV to itself" in data["ends"][0]["findings"][0]["sentence"]


@pytest.mark.portable
@pytest.mark.skipif(abi.current().name != "x86_64", reason="the guide shows a run on x86_64")
def test_the_guide() -> None:
    """docs/why.md shows what the command prints."""
    shown = re.findall(r"^    (.*)$", (PROJECT / "docs/why.md").read_text("utf-8"), re.MULTILINE)
    script = shown[0].partition("sh -c ")[2].strip("'")
    done = run("--", "sh", "-c", script)
    lines = [line for line in done.stderr.splitlines() if line]
    assert [re.sub(r"process \d+", "process 100", line) for line in lines] == shown[1 : len(lines) + 1]


@pytest.mark.portable
def test_its_own_folder_in_proc() -> None:
    """/proc/self is that of the process: one that has changed its user may not write to it."""
    need_root()
    found = why(python(f"os.setresuid(*3 * [{NOBODY}]); os.open('/proc/self/comm', os.O_WRONLY)"))
    finding = proves(first(found, "openat", "EACCES"), "/comm may not be written")
    assert "of user 0 " in finding.read
