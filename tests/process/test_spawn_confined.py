"""spawn: requirement S3, the settings that confine a program, and those that few starts have."""

from __future__ import annotations

import errno
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from isolated import filter_calls, in_child, need_root, nothing_left, open_descriptors

pytestmark = pytest.mark.isolated

SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
OTHER_USER: dict[str, Any] = {"user": 1234, "group": 1234, "extra_groups": []}
SYS_ADMIN, SYS_RESOURCE = 21, 24
LOAD, EQUAL, GIVE = 0x20, 0x15, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000


def refusing(*names: str, answer: int = 0x50000 | errno.EPERM) -> list[tuple[int, int, int, int]]:
    """A filter that gives this answer to calls of these names."""
    from pysys import numbers

    program = [(LOAD, 0, 0, 0)]
    for name in names:
        program += [(EQUAL, 0, 1, numbers.number(name)), (GIVE, 0, 0, answer)]
    return [*program, (GIVE, 0, 0, ALLOW)]


def become_user() -> None:
    """As a process that never had more privileges: dumpable, so that its files in /proc are its own."""
    import programs  # noqa: F401  # the user may not be able to read it later

    from pysys import syscall

    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(1234, 1234, 1234)
        os.setresuid(1234, 1234, 1234)
        pr_set_dumpable = 4
        syscall("prctl", pr_set_dumpable, 1)


def unprivileged() -> dict[str, Any]:
    """As a user who has a user namespace of their own: the arguments for its maps."""
    from surroundings import no_namespace

    become_user()
    if why := no_namespace("user"):
        pytest.skip(f"no user namespace: {why}")
    return {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}


def need_landlock(version: int = 1) -> None:
    from pysys import calls

    found = calls.landlock_abi()
    if found < version:
        pytest.skip(f"Landlock has version {found} here, and this needs {version}")


def sets(**settings: Any) -> dict[str, int]:
    """The program's sets of capabilities."""
    from programs import output

    lines = output(["/bin/cat", "/proc/self/status"], **settings).splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[name], 16) for name in SETS}


# ---- capabilities ----


@pytest.mark.parametrize("who", ["root", "user", "rootless"])
@pytest.mark.parametrize("caps", [[], ["CAP_CHOWN", "bpf", 5]], ids=["none", "some"])
def test_S3_only_these_capabilities(who: str, caps: list[int | str]) -> None:
    """All sets are the one that is asked for: of root, of another user, in a user namespace of one's own."""
    settings: dict[str, Any] = {"root": {}, "user": OTHER_USER}.get(who, {})
    if who == "rootless":
        settings = unprivileged()
    else:
        need_root()
    if caps and not all(sets()["CapBnd"] >> number & 1 for number in (0, 5, 39)) and who != "rootless":
        pytest.skip("this root has not all of these")
    wanted = sum(1 << number for number in (0, 39, 5)) if caps else 0
    assert sets(capabilities=caps, **settings) == dict.fromkeys(SETS, wanted)


def test_S3_single_sets_of_capabilities() -> None:
    """A mapping sets those that it names, and leaves the others."""
    need_root()
    plain, kill = sets(), 1 << 5
    assert sets(capabilities={"bounding": ["kill"]}) == {
        **plain,
        "CapPrm": kill | plain["CapInh"],
        "CapEff": kill | plain["CapInh"],
        "CapBnd": kill,
    }
    assert sets(capabilities={"inheritable": ["kill"]}) == {**plain, "CapInh": kill}
    assert sets(capabilities={"ambient": ["kill"]}, **OTHER_USER) == {
        **dict.fromkeys(SETS, kill),
        "CapBnd": plain["CapBnd"],
        "CapInh": plain["CapInh"] | kill,
    }
    # What is permitted before the exec is not what the kernel makes of it there.
    assert sets(capabilities={"permitted": []}) == plain


def test_S3_capabilities_with_those_that_are_ambient() -> None:
    """ambient_caps come on top of what one set leaves."""
    need_root()
    found = sets(capabilities={"bounding": ["kill", "chown"]}, ambient_caps=["kill"], **OTHER_USER)
    assert found == {**dict.fromkeys(SETS, 1 << 5), "CapBnd": 1 << 5 | 1}


def test_S3_a_bounding_set_that_cannot_be_read() -> None:
    """What a filter hides of the bounding set is not left in it: the start fails."""
    from pysys import errors, numbers, spawn

    need_root()
    filter_calls([numbers.number("prctl")], errno.EINVAL, first=23)  # PR_CAPBSET_READ
    with nothing_left(), pytest.raises(errors.EINVAL) as caught:
        spawn(["/bin/true"], capabilities=[])
    assert (caught.value.step, caught.value.syscall) == ("capabilities", "prctl")


def test_S3_securebits() -> None:
    """With SECBIT_NOROOT root has no capabilities by its id."""
    need_root()
    bits = flags_of("SECBIT_NOROOT") | flags_of("SECBIT_NO_SETUID_FIXUP")
    plain = sets()
    assert sets(securebits=bits) == {**plain, "CapPrm": 0, "CapEff": 0}
    assert sets(securebits=bits, capabilities={"ambient": ["kill"]})["CapEff"] == 1 << 5
    assert sets(securebits=bits, **OTHER_USER)["CapEff"] == 0


def flags_of(name: str) -> int:
    from pysys import flags

    return int(getattr(flags, name))


# ---- when privileges are given up ----


@pytest.mark.parametrize("setting", ["seccomp", "landlock"])
def test_S3_confinement_without_CAP_SYS_ADMIN_brings_no_new_privs(setting: str) -> None:
    """It is set where the child has no CAP_SYS_ADMIN when it is confined, and only there."""
    from programs import status

    need_root()
    if setting == "landlock":
        need_landlock()
    if not sets()["CapEff"] >> SYS_ADMIN & 1:
        pytest.skip("this root has no CAP_SYS_ADMIN")
    confined: dict[str, Any] = (
        {"seccomp": refusing("uname")} if setting == "seccomp" else {"landlock": {"paths": {"/": "all"}}}
    )

    def no_new_privs(**settings: Any) -> str:
        return status("NoNewPrivs", **confined, **settings)

    assert no_new_privs() == "0"
    assert status("NoNewPrivs", no_new_privs=True, **confined) == "1"
    assert no_new_privs(**OTHER_USER) == "1"
    assert no_new_privs(capabilities=[]) == "1"
    assert no_new_privs(capabilities=["sys_admin"]) == "0"
    assert no_new_privs(capabilities=["sys_admin"], **OTHER_USER) == "0"
    assert no_new_privs(capabilities={"bounding": []}, **OTHER_USER) == "1"


# ---- a filter ----


class HasProgram:
    def __init__(self, program: object) -> None:
        self.program = program


@pytest.mark.parametrize("form", ["tuples", "bytes", "structures", "object", "object with bytes"])
def test_S3_seccomp(form: str) -> None:
    """A filter in each form decides about the program's calls, and not about those of this process."""
    import struct

    from programs import shell

    from pysys import structures

    program: Any = refusing("uname")
    if "bytes" in form:
        program = b"".join(struct.pack("=HBBI", *one) for one in program)
    if form == "structures":
        program = [
            structures.sock_filter(code=code, jt=jt, jf=jf, k=k) for code, jt, jf, k in refusing("uname")
        ]
    if "object" in form:
        program = HasProgram(program)
    assert shell("uname >/dev/null 2>&1 && echo yes || echo no", seccomp=program) == "no"
    assert shell("uname >/dev/null 2>&1 && echo yes || echo no") == "yes"
    assert os.uname().sysname == "Linux"


def test_S3_what_the_kernel_does_not_take_as_a_filter() -> None:
    """That is EINVAL, with this step."""
    from pysys import errors, spawn

    for program in ([(5, 0, 0, 1)], [(LOAD, 0, 0, 0)], b"\xff" * 8):
        with nothing_left(), pytest.raises(errors.EINVAL) as caught:
            spawn(["/bin/true"], seccomp=program)
        assert (caught.value.step, caught.value.syscall) == ("seccomp", "seccomp")
        caught.value.__traceback__ = None


def test_S3_a_filter_that_ends_the_program() -> None:
    """One that kills at the exec ends a process that was started: its status says so."""
    import resource
    import signal

    from pysys import spawn

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with nothing_left(), spawn(["/bin/true"], seccomp=refusing("execve", answer=KILL)) as child:
        assert child.wait() == -signal.SIGSYS


@pytest.mark.parametrize("settings", [{}, {"user": 1234}], ids=["shared", "copied"])
@pytest.mark.parametrize(
    "refused", [("execve",), ("execve", "exit_group"), ("execve", "exit_group", "kill")], ids=" ".join
)
def test_S3_a_filter_that_refuses_the_exec(settings: dict[str, Any], refused: tuple[str, ...]) -> None:
    """That is reported as the exec's failure, and no child runs on as this process."""
    from pysys import errors, spawn

    if settings:
        need_root()
    spawn(["/bin/true"]).wait()
    reader, writer = os.pipe()
    try:
        with nothing_left(), pytest.raises(errors.EPERM) as caught:
            spawn(["/bin/true"], seccomp=refusing(*refused), **settings)
    finally:
        os.write(writer, b".")
    assert os.read(reader, 2) == b".", "two processes have come back"
    assert (caught.value.step, caught.value.syscall) == ("executable", "execve")
    assert caught.value.filename == "/bin/true"


# ---- Landlock ----

READABLE = {
    path: "read execute"
    for path in ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc")
    if os.path.exists(path)
}


def test_S3_landlock_of_paths() -> None:
    """What no rule allows is denied; the words are what they say."""
    from programs import shell

    need_landlock()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        for name in ("read", "write", "change"):
            os.mkdir(f"{folder}/{name}")
            Path(f"{folder}/{name}/file").write_text("text")
        rules: dict[Any, str] = {**READABLE, f"{folder}/read": "read"}
        rules |= {f"{folder}/write": "write", "/dev/null": "read write"}
        rules |= {os.fsencode(f"{folder}/change"): "read change"}

        def works(script: str) -> bool:
            script = f"{{ {script}; }} >/dev/null 2>&1 && echo yes || echo no"
            return shell(script, landlock={"paths": rules}, cwd=folder) == "yes"

        assert works("cat read/file")
        assert works("ls read")
        assert not works("cat write/file")
        assert works("echo more >>write/file")
        assert not works("echo more >>read/file")
        assert not works("rm write/file")
        assert works("mkdir change/more && rmdir change/more && rm change/file")
        assert not works("ls .")
        assert works("echo >/dev/null")
        assert not works("cat /proc/self/status")
        assert Path(f"{folder}/write/file").read_text() == "textmore\n"


def test_S3_landlock_by_descriptor() -> None:
    """A ruleset of one's own, also where its number is the program's."""
    from programs import descriptors, shell

    from pysys import calls, flags

    need_landlock()
    ruleset = calls.landlock_create_ruleset(flags.LANDLOCK_ACCESS_FS_MAKE_DIR)
    script = "mkdir new 2>/dev/null && echo yes || echo no"
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        for fds in ({}, {ruleset: 0}, {ruleset: ruleset}, {ruleset: 0, ruleset + 1: ruleset}):
            assert shell(script, landlock=ruleset, cwd=folder, fds=fds) == "no", fds
        assert shell(script, cwd=folder) == "yes"
    assert ruleset not in descriptors(landlock=ruleset)
    os.close(ruleset)


def test_S3_landlock_leaves_no_descriptor() -> None:
    """Neither here nor in the program is there one of the ruleset or of a path, whatever becomes of it."""
    from programs import descriptors

    from pysys import errors, spawn

    need_landlock()
    before = open_descriptors()
    assert descriptors(landlock={"paths": {"/": "all"}}).keys() == descriptors().keys()
    assert open_descriptors() == before
    with nothing_left(), pytest.raises(errors.ENOENT) as caught:
        spawn(["/bin/true"], landlock={"paths": {"/usr": "all", "/nonexistent": "read", "/etc": "read"}})
    error = caught.value
    assert (error.step, error.syscall) == ("landlock", "openat")
    assert error.element == error.filename == "/nonexistent"
    with nothing_left(), pytest.raises(errors.EACCES) as refused:
        spawn(["/bin/true"], landlock={"paths": {"/proc": "read"}})
    assert (refused.value.step, refused.value.filename) == ("executable", "/bin/true")


def test_S3_landlock_of_ports() -> None:
    """A port that no rule names is denied; what is not named at all is not restricted."""
    from programs import output

    need_landlock(4)
    code = """
import socket, sys
with socket.socket() as one:
    try:
        one.bind(("127.0.0.1", int(sys.argv[1])))
    except PermissionError:
        print("denied")
    else:
        print("bound")
"""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        another = other.getsockname()[1]
    command = [sys.executable, "-I", "-S", "-c", code]

    def bound(number: int, rules: Any) -> str:
        return output([*command, str(number)], landlock=rules).strip()

    assert bound(port, {"bind": [port]}) == "bound"
    assert bound(another, {"bind": [port]}) == "denied"
    assert bound(another, {"bind": []}) == "denied"
    assert bound(another, {"connect": [port]}) == "bound"


def test_S3_landlock_ends_at_its_scope() -> None:
    """A program cannot signal those outside."""
    from programs import shell

    from pysys import spawn

    need_landlock(6)
    with spawn(["/bin/sleep", "100"]) as other:
        script = f"kill -0 {other.pid} 2>/dev/null && echo yes || echo no"
        assert shell(script, landlock={"scopes": "signal"}) == "no"
        assert shell(script, landlock={"scopes": "abstract_unix_socket"}) == "yes"
        other.kill()


def test_S3_landlock_that_is_not_there() -> None:
    """Without it a start fails, unless it is to do what it can."""
    from programs import status

    from pysys import errors, numbers, spawn

    rules: Any = {"paths": {"/usr": "read"}, "connect": [80], "scopes": "signal"}
    with nothing_left(), pytest.raises((errors.EOPNOTSUPP, errors.ENOSYS)) as caught:
        spawn(["/bin/true"], landlock=rules | {"abi": 1000})
    assert (caught.value.step, caught.value.syscall) == ("landlock", "landlock_create_ruleset")
    filter_calls([numbers.number("landlock_create_ruleset")], errno.ENOSYS)
    with nothing_left(), pytest.raises(errors.ENOSYS) as missing:
        spawn(["/bin/true"], landlock=rules)
    assert (missing.value.step, missing.value.syscall) == ("landlock", "landlock_create_ruleset")
    assert status("State", landlock={**rules, "abi": 0})


# ---- names, and what the process is to the kernel ----


def test_S3_rootless_sandbox() -> None:
    """All that takes privileges in a user namespace of one's own, with what confines, at once."""
    from programs import output
    from surroundings import no_namespace

    from pysys import flags

    need_landlock()
    maps = unprivileged()
    for kind in ("uts", "net", "pid"):
        if why := no_namespace(kind):
            pytest.skip(f"no {kind} namespace: {why}")
    text = output(
        ["/bin/sh", "-c", "uname -n; cat /proc/sys/kernel/domainname; cat /proc/self/status /proc/net/dev"],
        namespaces=flags.CLONE_NEWPID | flags.CLONE_NEWNS,
        hostname="box",
        domainname="realm",
        loopback=True,
        oom_score_adj=1000,
        timer_slack=100_000,
        scheduling=flags.SchedPolicy.SCHED_IDLE,
        io_priority=(flags.IoprioClass.IOPRIO_CLASS_IDLE, 0),
        child_subreaper=True,
        capabilities=[],
        securebits=flags.SECBIT_NO_CAP_AMBIENT_RAISE,
        landlock={"paths": {**READABLE, "/proc": "read"}},
        seccomp=refusing("mount"),
        **maps,
    )
    lines = text.splitlines()
    assert lines[:2] == ["box", "realm"]
    found = dict(line.split(":", 1) for line in lines[2:] if ":" in line)
    assert [int(found[name], 16) for name in SETS] == [0] * len(SETS)
    assert found["NoNewPrivs"].strip() == "1"


def test_S3_a_lower_badness_comes_before_the_user_changes() -> None:
    """It takes a privilege, which the new user need not have."""
    from programs import shell

    need_root()
    if not sets()["CapEff"] >> SYS_RESOURCE & 1:
        pytest.skip("this root has no CAP_SYS_RESOURCE")
    badness = max(int(Path("/proc/self/oom_score_adj").read_text()) - 10, -1000)
    assert shell("cat /proc/self/oom_score_adj", oom_score_adj=badness, **OTHER_USER) == str(badness)


def test_S3_a_policy_of_real_time_comes_before_the_user_changes() -> None:
    """Likewise."""
    from programs import stat

    need_root()
    try:
        in_child(os.fork, lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(3)))
    except AssertionError:
        pytest.skip("this root may not run in real time")
    policy = stat(scheduling=(1, 3), **OTHER_USER)[37:39]  # SCHED_FIFO
    assert policy == ["3", "1"]  # rt_priority and policy


def test_S3_a_nice_value_beside_a_policy() -> None:
    """scheduling leaves the nice value of priority."""
    from programs import stat

    fields = stat(scheduling=3, priority=7)  # SCHED_BATCH
    assert (fields[16], fields[38]) == ("7", "3")


def test_S3_a_new_keyring() -> None:
    """keyring=True is a session keyring without a name, of the program alone."""
    import struct

    from pysys import calls, errors, spawn

    get_id, session = 0, -3
    try:
        ours = calls.direct.keyctl(get_id, session, 0, 0, 0)
    except errors.ENOSYS:
        pytest.skip("this kernel has no keyrings")
    code = """
import os, struct, sys
from pysys import calls
os.write(1, struct.pack("i", calls.direct.keyctl(0, -3, 0, 0, 0)))
"""
    found = []
    for keyring in (True, True, False):
        reader, writer = os.pipe()
        with spawn([sys.executable, "-c", code], keyring=keyring, stdout=writer) as child:
            os.close(writer)
            found.append(struct.unpack("i", os.read(reader, 4))[0])
        os.close(reader)
        assert child.returncode == 0
    assert len({*found, ours}) == 3
    assert found[2] == ours


STEPS: dict[str, tuple[Any, str, str]] = {
    "hostname": ("h" * 65, "sethostname", "EINVAL"),
    "domainname": ("d" * 65, "setdomainname", "EINVAL"),
    "scheduling": ((1, 1000), "sched_setscheduler", "EINVAL"),
    "io_priority": ((6, 0), "ioprio_set", "EINVAL"),
    "securebits": (1 << 30, "prctl", "EPERM"),
}


@pytest.mark.parametrize("step", STEPS)
def test_S4_what_the_kernel_refuses(step: str) -> None:
    """The exception names the parameter and the call."""
    from pysys import errors, spawn

    need_root()
    value, call, name = STEPS[step]
    with nothing_left(), pytest.raises(getattr(errors, name)) as caught:
        spawn(["/bin/true"], **{step: value})
    assert (caught.value.step, caught.value.syscall) == (step, call)


def test_S4_privileges_refused_to_confine() -> None:
    """Without the privilege each names its step."""
    from pysys import errors, spawn

    become_user()
    steps: dict[str, tuple[Any, str]] = {
        "capabilities": ([], "prctl"),
        "securebits": (1, "prctl"),
        "scheduling": ((1, 1), "sched_setscheduler"),
        "io_priority": ((1, 0), "ioprio_set"),
    }
    with nothing_left():
        for step, (value, call) in steps.items():
            with pytest.raises(errors.EPERM) as caught:
                spawn(["/bin/true"], **{step: value})
            assert (caught.value.step, caught.value.syscall) == (step, call)
            caught.value.__traceback__ = None
        with pytest.raises(errors.EACCES) as lowered:
            spawn(["/bin/true"], oom_score_adj=-1000)
        assert (lowered.value.step, lowered.value.syscall) == ("oom_score_adj", "write")
        lowered.value.__traceback__ = None
        with pytest.raises(errors.EPERM) as no_namespace:
            spawn(["/bin/true"], hostname="box")
        assert no_namespace.value.step is None
        no_namespace.value.__traceback__ = None
