"""profiles.record: a program runs under the profile recorded of it, and one that does more does not."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from isolated import folder

from pysys import abi, numbers, profiles, seccomp, spawn
from pysys.profiles import RecordedCall, Recording, comparing, writing

pytestmark = pytest.mark.isolated

HERE = abi.current().name
UNNAMED = min(numbers.table().values()) + 1999  # on some ABIs numbers begin elsewhere
MORE = "import os, sys\nif len(sys.argv) > 1:\n    os.getpriority(0, 0)\n"
THREADS = """
import threading
lock, waiting = threading.Lock(), threading.Barrier(4)
def wait():
    waiting.wait()
    with lock:
        pass
lock.acquire()
threads = [threading.Thread(target=wait) for _ in range(3)]
for one in threads:
    one.start()
waiting.wait()
lock.release()
for one in threads:
    one.join()
"""
SEVERAL = """
import json, os, signal, socket, subprocess, sys, tempfile
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
listening = socket.socket(); listening.bind(("127.0.0.1", 0))
with tempfile.TemporaryFile() as file:
    file.write(b"x")
sys.exit(subprocess.run(["sh", "-c", "exit 5"]).returncode)
"""


def python(source: str, *arguments: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", textwrap.dedent(source), *arguments]


def under(rules: Any, argv: list[str]) -> int:
    """How the program ends under a filter; what it prints is not looked at."""
    with open(os.devnull, "w") as null, spawn(argv, seccomp=rules, stdout=null) as child:
        return child.wait()


def decisions(rules: seccomp.Filter) -> dict[str, str]:
    """What is done with each call of this ABI, where all arguments are 0."""
    return {name: rules.explain(name, abi=HERE).action.name for name in numbers.table()}


# ---- the same program, and one call more ----


@pytest.mark.parametrize("arguments", [False, True])
@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (["ls", "-l", "/"], 0),
        (["sh", "-c", "ls / | sort -r | wc -l; x=$(echo a); exit 3"], 3),
        (["sh", "-c", "trap 'exit 4' USR1; kill -USR1 $$"], 4),
        (python("raise SystemExit(6)"), 6),
        (python(SEVERAL), 5),
    ],
    ids=["ls", "pipes", "a signal", "python", "python that does several things"],
)
def test_a_program_runs_under_its_profile(argv: list[str], status: int, arguments: bool) -> None:
    """It ends as without, also where only the values of flags and commands that were seen are allowed."""
    seen = profiles.record(argv, arguments=arguments)
    assert seen.returncode == status
    assert under(seen.filter(), argv) == status
    assert under(seccomp.from_oci(seen.write("oci")), argv) == status


def test_threads_run_under_their_profile() -> None:
    """How often threads wait differs between runs, and so may whether one ever does: hence futex."""
    seen = profiles.record(python(THREADS), arguments=True)
    assert {"clone", "clone3"} & seen.calls.keys()
    assert under(seen.filter(also=["futex"]), python(THREADS)) == 0


@pytest.mark.parametrize("compiler", ["gcc -static", "musl-gcc -static", "musl-gcc"])
def test_a_static_program_runs_under_its_profile(compiler: str) -> None:
    """Without a loader, of which nothing is recorded either; nor of musl's, which is the C library."""
    if shutil.which(compiler.split()[0]) is None:
        pytest.skip("no such compiler")
    with folder() as place:
        file = str(place / "program")
        (place / "program.c").write_text('#include <stdio.h>\nint main(void) { puts("x"); return 7; }\n')
        command = [*compiler.split(), "-o", file, file + ".c"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("no such C library")
        seen = profiles.record([file])
        assert seen.returncode == 7
        assert all(call.by_program for call in seen.calls.values())
        assert writing.LOADER not in seen.write("oci")
        assert under(seen.filter(), [file]) == 7
        # a shell with a loader, and a program without one
        both = profiles.record(["sh", "-c", f"{file}; exit 3"])
        assert under(both.filter(), ["sh", "-c", f"{file}; exit 3"]) == 3


def test_one_call_more_is_refused() -> None:
    """With EPERM, and the check says which call it is, and that nothing else would be."""
    seen = profiles.record(python(MORE))
    catching = "try: os.getpriority(0, 0)\n    except PermissionError: raise SystemExit(9)"
    source = MORE.replace("os.getpriority(0, 0)", catching)
    assert under(seen.filter(), python(source)) == 0
    assert under(seen.filter(), python(source, "more")) == 9
    found = profiles.check(seen.write("oci"), argv=python(MORE, "more"))
    assert found.meets is not None and not found.is_clean
    assert [(one.call, one.abi, one.action, one.times) for one in found.meets] == [
        ("getpriority", HERE, "ERRNO(EPERM)", 1)
    ]
    assert profiles.check(seen.write("oci"), argv=python(MORE)).is_clean


def test_another_value_is_refused() -> None:
    """With arguments=True, where a flag was not seen; and the check says what was compared."""
    source = "import os, sys; os.close(os.open('/', os.O_RDONLY | (os.O_PATH if sys.argv[1:] else 0)))"
    seen = profiles.record(python(source), arguments=True)
    assert under(seen.filter(), python(source)) == 0
    found = profiles.check(seen.write("oci"), argv=python(source, "more"))
    assert found.meets and {one.call for one in found.meets} <= {"openat", "open"}
    if abi.current().bits == 64:
        assert "&" in found.meets[0].text  # the register, and the bits that the kernel takes
    assert under(seen.filter(), python(source, "more")) > 0
    without = profiles.record(python(source))
    assert under(without.filter(), python(source, "more")) == 0


def test_what_is_refused_otherwise() -> None:
    """The default is what is asked for."""
    seen = profiles.record(python(MORE))
    assert under(seen.filter(seccomp.KILL_PROCESS), python(MORE, "more")) == -31
    assert under(seen.filter(seccomp.errno("EACCES")), python(MORE, "more")) > 0
    assert under(seen.filter(also=["getpriority"]), python(MORE, "more")) == 0
    assert under(seen.filter(also=["topic:scheduling"]), python(MORE, "more")) == 0


# ---- what is recorded ----


def test_the_execve_that_starts_it_is_not_its_own() -> None:
    """But always allowed, as a filter is loaded before it."""
    seen = profiles.record(python("pass"))
    assert "execve" not in seen.calls
    assert "execve" in profiles.record(["sh", "-c", "true; ls /; exit 0"]).calls
    groups = json.loads(seen.write())["syscalls"]
    (always,) = [one["names"] for one in groups if one["comment"] == writing.ALWAYS]
    assert {"execve", "rt_sigreturn", "restart_syscall"} - seen.calls.keys() <= set(always)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="elsewhere the loader is the C library")
def test_the_loader_is_told_apart() -> None:
    """What only the dynamic loader has made is in a group of its own, as of what a shell starts."""
    writes = python("import os; os.write(1, b''); os.getppid()")
    for argv in (writes, ["sh", "-c", '"$0" "$@"; exit 0', *writes]):
        seen = profiles.record(argv)
        loader = {name for name, call in seen.calls.items() if not call.by_program}
        assert loader and not loader & {"write", "getppid", "exit_group"}, loader
        (group,) = [one for one in json.loads(seen.write())["syscalls"] if one["comment"] == writing.LOADER]
        assert set(group["names"]) == loader


def test_calls_without_a_name() -> None:
    """They are noted, and in no profile."""
    source = f"from pysys import syscall, errors\ntry: syscall({UNNAMED})\nexcept errors.ENOSYS: pass"
    seen = profiles.record([sys.executable, "-c", source])
    assert seen.returncode == 0
    assert seen.unnamed == {(HERE, UNNAMED)}
    assert str(UNNAMED) not in seen.write()


def test_the_trace_is_handed_out() -> None:
    """When the program runs, so that its signals can be passed on."""
    pids: list[int] = []
    seen = profiles.record(["sh", "-c", "kill -TERM $$"], started=lambda events: pids.append(events.pid))
    assert seen.returncode == -15 and pids[0] > 1


# ---- merging ----


def test_runs_are_merged() -> None:
    """A call that the program has made in any of them is the program's; the values are those of all."""
    one = Recording([HERE], {"mmap": RecordedCall(False, [()]), "read": RecordedCall(True, [()])})
    other = Recording([HERE], {"mmap": RecordedCall(True, [()]), "futex": RecordedCall(True, [(("op", 1),)])})
    both = one + other + Recording([HERE], {"futex": RecordedCall(False, [(("op", 0),)])})
    assert {*both.calls} == {"mmap", "read", "futex"}
    assert both.calls["mmap"].by_program
    assert both.calls["futex"].values == {(("op", 1),), (("op", 0),)}
    assert both.returncode is None
    assert [str(rule.conditions[0]) for rule in both.filter().rules if rule.conditions] == [
        "op == 0",
        "op == 1",
    ]
    # any value, if that was asked for once
    free = both + Recording([HERE], {"futex": RecordedCall(True, [()])})
    assert not any(rule.conditions for rule in free.filter().rules)


@pytest.mark.parametrize("arguments", [False, True])
def test_what_is_written_can_be_read_again(arguments: bool) -> None:
    """What was read of a profile gives the same one; what is always allowed is not the program's then."""
    seen = profiles.record(["sh", "-c", "ls / | wc -l"], arguments=arguments)
    text = seen.write()
    again = Recording.read(text)
    assert again.calls.keys() == seen.calls.keys()
    assert again.write() == text
    assert Recording.read(seen.write(container=True)).calls.keys() == seen.calls.keys()
    assert seen.write(container=True) != text


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "SCMP_ACT_KILL"},
        {"action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_BPF"]}},
        {"action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_NE"}]},
        {
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": 1, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}],
        },
    ],
)
def test_other_profiles_are_not_read(rule: dict[str, Any]) -> None:
    """What a recording cannot have is an error, and not left out."""
    profile = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["socket"], **rule}]}
    with pytest.raises(ValueError, match="the profile"):
        Recording.read(json.dumps(profile))


def test_few_values() -> None:
    """Up to four sets of values are compared; of more, the parameter with the most values is left out."""
    assert comparing.few([(("a", 1), ("b", 2))]) == [(("a", 1), ("b", 2))]
    many = [(("a", one), ("b", one % 2)) for one in range(9)]
    assert comparing.few(many) == [(("b", 0),), (("b", 1),)]
    assert comparing.few([(("a", one),) for one in range(5)]) is None
    assert comparing.few([(("a", one),) for one in range(4)]) == [(("a", one),) for one in range(4)]
    assert comparing.few([(("a", 1),), (("b", 1),)]) is None  # of ABIs with different parameters


def test_several_abis() -> None:
    """What one of them passes otherwise is not compared: mmap of i386 has its arguments in memory."""
    values = {"mmap": RecordedCall(True, [(("prot", 1),)]), "socket": RecordedCall(True, [(("family", 1),)])}
    for abis, compared in ((["x86_64"], {"mmap", "socket"}), (["x86_64", "i386"], {"socket"})):
        seen = Recording(abis, values)
        assert {name for rule in seen.filter().rules if rule.conditions for name in rule.calls} == compared
        assert {one["names"][0] for one in json.loads(seen.write())["syscalls"] if "args" in one} == compared
        assert {one.name for one in seen.filter().abis} == {*abis}


# ---- forms ----


@pytest.mark.parametrize("container", [False, True])
def test_the_forms_say_the_same(container: bool) -> None:
    """What is written decides as the filter does, for each call of this ABI."""
    seen = profiles.record(["sh", "-c", "ls / | wc -l"])
    wanted = decisions(seen.filter(container=container))
    assert set(wanted.values()) == {"ALLOW", "ERRNO"}
    assert ("capset" in [name for name, one in wanted.items() if one == "ALLOW"]) == container
    assert decisions(seccomp.from_oci(seen.write("oci", container=container))) == wanted
    assert decisions(seccomp.from_systemd(seen.write("systemd", container=container))) == wanted
    space: dict[str, Any] = {}
    exec(seen.write("python", container=container), space)
    assert decisions(space["f"]) == wanted


def test_python_compares() -> None:
    """With the parameters' names, also where these are words of Python."""
    seen = Recording([HERE], {"socket": RecordedCall(True, [(("family", 1), ("type", 2))])})
    space: dict[str, Any] = {}
    exec(seen.write("python", seccomp.KILL_PROCESS), space)
    assert "arg.family == 0x1, arg.type == 0x2" in seen.write("python")
    assert [str(rule) for rule in space["f"].rules] == [str(rule) for rule in seen.filter().rules]
    assert space["f"].default == seccomp.KILL_PROCESS


def test_what_a_form_cannot_say() -> None:
    """It is an error, as in pysys.seccomp."""
    seen = Recording([HERE], {"socket": RecordedCall(True, [(("family", 1),)])})
    with pytest.raises(ValueError, match="conditions"):
        seen.write("systemd")
    with pytest.raises(ValueError, match="did you mean systemd"):
        seen.write("sytsemd")
    with pytest.raises(ValueError, match="not written as Python"):
        seen.write("python", seccomp.trap(7))
    with pytest.raises(LookupError, match="@defualt"):
        seen.write(also=["@defualt"])


def test_nothing_recorded() -> None:
    """A profile of nothing is what no program can do without."""
    assert decisions(Recording().filter())["exit_group"] == "ALLOW"
    assert Recording().filter().abis == (abi.current(),)
