"""Every parameter of spawn, Popen, clone and clone3, with arguments that it cannot mean."""

from __future__ import annotations

import inspect
import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from isolated import nothing_left
from wrong_arguments import complaint, wrong

pytestmark = [pytest.mark.isolated, pytest.mark.widths]

# A truth value is what any object has, as for os and subprocess.
TRUTH = "truth"
# What the child calls, and with what, is not ours to judge beyond that it can be called.
ANY = "any"

SPAWN = {
    "affinity": "ints",
    "ambient_caps": "ids or names",
    "argv": "texts",
    "before_exec": "callable",
    "capabilities": "ids or names",
    "cgroup": "path or fd",
    "child_subreaper": TRUTH,
    "chroot": "path",
    "close_fds": TRUTH,
    "controlling_terminal": "fd",
    "coredump_filter": "int",
    "cwd": "path or fd",
    "domainname": "name",
    "env": "variables",
    "executable": "path or fd",
    "extra_groups": "ids or names",
    "fds": "descriptors by number",
    "foreground": "fd",
    "gid_map": "rows",
    "group": "id or name",
    "hostname": "name",
    "init": TRUTH,
    "io_priority": "int",
    "join_namespaces": "fds",
    "keyring": "name",
    "landlock": "fd",
    "login": "id or name",
    "loopback": TRUTH,
    "mounts": "ints",
    "namespaces": "int",
    "namespaces_inside": "int",
    "no_new_privs": TRUTH,
    "numa_policy": "int",
    "oom_score_adj": "int",
    "pdeathsig": "int",
    "personality": "int",
    "pidfd": TRUTH,
    "priority": "int",
    "process_group": "int",
    "restore_signals": TRUTH,
    "rlimits": "limits",
    "root": "path",
    "scheduling": "int",
    "seccomp": "program",
    "securebits": "int",
    "signal_mask": "signals",
    "signals_default": "signals",
    "signals_ignored": "signals",
    "start_new_session": TRUTH,
    "stderr": "fd",
    "stdin": "fd",
    "stdout": "fd",
    "steal_terminal": TRUTH,
    "time_offsets": "variables",
    "timer_slack": "int",
    "uid_map": "rows",
    "umask": "int",
    "user": "id or name",
}
POPEN = {
    **SPAWN,
    "args": "texts",
    "bufsize": "int",
    "creationflags": "zero",
    "encoding": "str",
    "errors": "str",
    "pass_fds": "ints",
    "pidfd": TRUTH,
    "pipesize": "int",
    "preexec_fn": "callable",
    "self": ANY,
    "shell": TRUTH,
    "startupinfo": "zero",
    "text": TRUTH,
    "universal_newlines": TRUTH,
}
CLONE = {
    "arg": "pointer",
    "args": "any list",
    "child_tid": "int's memory",
    "exit_signal": "int",
    "flags": "int",
    "fn": "callable",
    "parent_tid": "int's memory",
    "pidfd": "int's memory",
    "stack": "stack",
}
CLONE3 = {"args": "bytes or CloneArgs", "arg": "pointer", "fn": "callable", "fn_args": "any list"}
CLONE_ARGS = {
    "cgroup": "fd",
    "child_tid": "int's memory",
    "exit_signal": "int",
    "flags": "int",
    "parent_tid": "int's memory",
    "pidfd": "bool",
    "set_tid": "ints",
    "stack": "memory or address",
    "stack_size": "int",
    "tls": "int",
}

_LISTS = ("[object()]", "[None]", "a generator of object()")
# What is not wrong for a kind that looks like another one, and why.
TAKEN: dict[str, tuple[str, set[str]]] = {
    # kind: as which kind of tests/support/wrong_arguments, and what is right here
    "any list": (
        "ints",
        {
            "[object()]",
            "{'a': object()}",
            "a generator of object()",
            "[None]",
            "[1.5]",
            "[2**64]",
            "[-2**63-1]",
            "('a',)",
        },
    ),  # the arguments are the function's
    "texts": ("ints", {"('a',)", "{'a': object()}", "'text'", "b'text'"}),  # a dict's keys are strings, too
    "ids or names": ("ints", set()),
    "id or name": ("int", {"'text'"}),  # KeyError: no such user
    "variables": ("rows", set()),
    "descriptors by number": ("rows", set()),
    "limits": ("rows", set()),
    "fds": ("ints", set()),
    "zero": ("int", set()),
    "str": ("string", {"'a\\0b'", "b'a\\0b'"}),
    "callable": ("int", {"a class", "a class whose objects have fileno()"}),  # which are called
    "pointer": ("int", set()),
    "int's memory": ("buffer", set()),
    "stack": ("buffer", set()),
    "memory or address": ("buffer", {"5"}),
    "bytes or CloneArgs": ("structure", {"b'text'", "b'a\\0b'"}),  # which the kernel refuses: EINVAL
    "bool": ("int", set()),
    "name": ("string", set()),
    "program": ("ints", set()),
}
# Names of users and capabilities that there are not: the C library and the table say so, by the name.
NAMES = ("KeyError",)


def faults(
    name: str, kinds: dict[str, str], call: Callable[[str, Any], object], skip: tuple[str, ...] = ()
) -> list[str]:
    found = []
    for parameter, kind in kinds.items():
        if kind in (TRUTH, ANY) or parameter in skip:
            continue
        like, right = TAKEN.get(kind, (kind, set()))
        for said, value in wrong(like).items():
            if said in right:
                continue
            error = None
            try:
                call(parameter, value)
            except Exception as caught:
                error = caught
            problem = complaint(error, f"{name}: {parameter}")
            if problem and type(error).__name__ not in NAMES:
                found.append(f"{name}({parameter}={said}): {problem}")
    return found


def test_spawn() -> None:
    """Every parameter of spawn."""
    from pysys import spawn

    assert set(inspect.signature(spawn).parameters) == set(SPAWN)

    def call(parameter: str, value: Any) -> object:
        if parameter == "argv":
            return spawn(value, executable="/nonexistent")
        return spawn(["/nonexistent"], **{parameter: value})

    with nothing_left():
        assert not faults("spawn", SPAWN, call)


def test_popen_of_no_program() -> None:
    """subprocess's exception, in our words; and a name with a null byte among several."""
    from pysys import Popen

    said = "^Popen: args is empty: it starts with the program's name$"
    nothing: list[Any] = [[], (), iter(())]
    for args in nothing:
        with pytest.raises(IndexError, match=said):
            Popen(args)
    with pytest.raises(IndexError, match=said):
        Popen([], executable="/bin/true")
    with pytest.raises(ValueError, match=r"^Popen: extra_groups\[1\] contains a null byte$"):
        Popen(["true"], extra_groups=[0, "a\0b"])


def test_popen() -> None:
    """Every parameter of Popen, spawn's and subprocess's."""
    import subprocess

    from pysys import Popen
    from pysys.process import popen

    known = {*inspect.signature(subprocess.Popen.__init__).parameters, *popen._OWN}
    assert known <= set(POPEN)

    def call(parameter: str, value: Any) -> object:
        if parameter == "args":
            return Popen(value, executable="/nonexistent")
        return Popen(["/nonexistent"], **{parameter: value})

    with nothing_left():
        assert not faults("Popen", {one: POPEN[one] for one in known}, call)


def test_clone() -> None:
    """Every parameter of clone; what is not refused makes no process: the flags contradict each other."""
    from pysys import CloneFlags, clone

    assert set(inspect.signature(clone).parameters) == set(CLONE)

    def call(parameter: str, value: Any) -> object:
        return clone(**{"flags": CloneFlags.CLONE_SIGHAND, "fn": int, parameter: value})

    with nothing_left():
        assert not faults("clone", CLONE, call)


def test_clone3() -> None:
    """Every parameter of clone3, and every field of its argument."""
    from pysys import CloneArgs, CloneFlags, clone3

    assert set(inspect.signature(clone3).parameters) == set(CLONE3)
    assert set(inspect.signature(CloneArgs).parameters) - {"unknown"} == set(CLONE_ARGS)

    def call(parameter: str, value: Any) -> object:
        return clone3(**{"args": CloneArgs(CloneFlags.CLONE_SIGHAND), "fn": int, parameter: value})

    def with_field(parameter: str, value: Any) -> object:
        return clone3(CloneArgs(**{"flags": CloneFlags.CLONE_SIGHAND, parameter: value}), fn=int)

    with nothing_left():
        assert not faults("clone3", CLONE3, call)
        assert not faults("clone3", CLONE_ARGS, with_field)


def test_child() -> None:
    """What the methods of a Child take, and what makes one of a process that is there already."""
    from pysys import Child, spawn

    with nothing_left(), spawn(["cat"], stdin=(ends := os.pipe())[0]) as child:
        calls: dict[str, tuple[str, Callable[[Any], object]]] = {
            "wait: timeout": ("seconds", child.wait),
            "send_signal: number": ("int", child.send_signal),
            "Child: pid": ("int", Child),
            "Child: pidfd": ("int", lambda value: Child(1, value)),
        }
        found = []
        for title, (kind, call) in calls.items():
            for said, value in wrong(kind).items():
                if (kind, said) in {("seconds", "1e300"), ("seconds", "2**64"), ("seconds", "-2**63-1")}:
                    continue  # a long time, or none
                try:
                    call(value)
                except Exception as error:
                    problem = complaint(error, title)
                else:
                    problem = "taken"
                if problem:
                    found.append(f"{title}={said}: {problem}")
        os.close(ends[0])
        os.close(ends[1])
    assert not found, "\n".join(found)


def test_unknown_fields_of_clone_args() -> None:
    """A field that there is not is refused with the one that is meant, also when it is set later."""
    from pysys import CloneArgs

    with pytest.raises(TypeError, match=r"^CloneArgs has no field 'flag': did you mean flags\?$"):
        CloneArgs(flag=1)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(AttributeError, match=r"^CloneArgs has no field 'set_tids': did you mean set_tid\b"):
        CloneArgs().set_tids = [1]  # type: ignore[attr-defined]  # wrong on purpose


def test_any_iterable_is_taken() -> None:
    """Generators, map(), ranges and dicts' views are what they give."""
    from pysys import Popen, spawn

    words = ["/bin/true", "a"]
    with nothing_left():
        fd = os.dup(0)
        script = ["/bin/sh", "-c", f"test -e /proc/self/fd/{fd}"]
        for more in ({"pass_fds": iter([fd])}, {"fds": {fd: fd}}):
            assert Popen(iter(script), **more).wait() == 0
        os.close(fd)
        for argv in (iter(words), map(str, words), tuple(words), dict.fromkeys(words).keys()):
            assert spawn(argv).wait() == 0
        assert spawn(words, signals_default=iter([10]), signal_mask=range(10, 12)).wait() == 0
        assert spawn(words, affinity=itertools.islice(iter(os.sched_getaffinity(0)), 1)).wait() == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"argv": "sleep 1"}, "spawn: argv must be an iterable of strings, one for each argument, as shlex"),
        ({"argv": ["sleep", 1]}, "spawn: argv[1] must be str, bytes or a path, not int"),
        ({"env": {"A": None}}, "spawn: env['A'] must be str, bytes or a path, not NoneType"),
        ({"env": [("A", "1")]}, "spawn: env must be a mapping of names to values, not list"),
        ({"env": {"A": "a\0b"}}, "spawn: env['A'] contains a null byte"),
        ({"rlimits": {"NPROC": "5"}}, "spawn: rlimits['NPROC'] must be an int or (soft, hard), not str"),
        ({"rlimits": {"NPROC": (1, 2, 3)}}, "spawn: rlimits['NPROC'] must be (soft, hard), not 3 values"),
        ({"rlimits": {"nofle": 5}}, "spawn: rlimits: no limit is named 'nofle': did you mean NOFILE"),
        ({"ambient_caps": ["net_bind_servce"]},
         "spawn: ambient_caps[0]: no capability is named 'net_bind_servce': did you mean NET_BIND_SERVICE"),
        ({"capabilities": ["chwn"]},
         "spawn: capabilities[0]: no capability is named 'chwn': did you mean CHOWN"),
        ({"capabilities": {"bounds": []}},
         "spawn: capabilities: no set is named 'bounds': did you mean bounding"),
        ({"capabilities": {"ambient": [0, 5], "permitted": [0]}},
         "spawn: capabilities: ambient has CAP_KILL, which permitted lacks"),
        ({"capabilities": {"ambient": [5], "inheritable": []}},
         "spawn: capabilities: ambient has CAP_KILL, which inheritable lacks"),
        ({"capabilities": ["kill"], "ambient_caps": [0]},
         "spawn: ambient_caps has CAP_CHOWN, which capabilities takes away"),
        ({"landlock": "rules"},
         "spawn: landlock must be an int, have fileno() or be a mapping of rules, not str"),
        ({"landlock": {}}, "spawn: landlock has no rules: it takes paths, bind, connect or scopes"),
        ({"landlock": {"path": {}}}, "spawn: landlock: there is no 'path': did you mean paths"),
        ({"landlock": {"paths": {"/": "red"}}},
         "spawn: landlock: paths['/']: there is no 'red': did you mean read"),
        ({"landlock": {"paths": {"/": None}}},
         "spawn: landlock: paths['/'] must be an int or words in a str, not NoneType"),
        ({"landlock": {"paths": ["/"]}},
         "spawn: landlock: paths must be a mapping of paths to rights, not list"),
        ({"landlock": {"bind": [-1]}}, "spawn: landlock: bind[0]: -1 is out of range (0 to 65535)"),
        ({"landlock": {"scopes": "signals"}},
         "spawn: landlock: scopes: there is no 'signals': did you mean signal"),
        ({"seccomp": b"1234567"}, "spawn: seccomp: an instruction has 8 bytes, and 7 are not complete ones"),
        ({"seccomp": []}, "spawn: seccomp: a filter has 1 to 4096 instructions, not 0"),
        ({"seccomp": b"12345678" * 4097}, "spawn: seccomp: a filter has 1 to 4096 instructions, not 4097"),
        ({"seccomp": [(6, 0, 0)]}, "spawn: seccomp[0] must be (code, jt, jf, k), not 3 values"),
        ({"seccomp": [(6, 0, -1, 0)]}, "spawn: seccomp[0]: jf: -1 is out of range (0 to 255)"),
        ({"scheduling": "batch"}, "spawn: scheduling must be an int or (policy, priority), not str"),
        ({"scheduling": (1, 2, 3)}, "spawn: scheduling must be (policy, priority), not 3 values"),
        ({"io_priority": (3, 8)}, "spawn: io_priority: level: 8 is out of range (0 to 7)"),
        ({"oom_score_adj": -1001}, "spawn: oom_score_adj: -1001 is out of range (-1000 to 1000)"),
        ({"keyring": 5}, "spawn: keyring must be True, str or bytes, not int"),
        ({"time_offsets": {"realtime": 1}},
         "spawn: time_offsets: a clock is 'monotonic' or 'boottime', not 'realtime'"),
        ({"time_offsets": {}}, "spawn: time_offsets is empty"),
        ({"hostname": "a\0b"}, "spawn: hostname contains a null byte"),
        ({"namespaces": 1}, "spawn: namespaces must be CLONE_NEW* flags only, and 1 is none of them"),
        ({"extra_groups": [1 << 32]}, "spawn: extra_groups[0]: 4294967296 is out of range (0 to 2**32 - 2)"),
        ({"user": 1 << 32}, "spawn: user: 4294967296 is out of range (0 to 2**32 - 2)"),
        ({"rlimits": 5}, "spawn: rlimits must be a mapping of resources to limits, not int"),
        ({"fds": [3]}, "spawn: fds must be a mapping of the child's numbers to descriptors, not list"),
        ({"signal_mask": 5}, "spawn: signal_mask must be an iterable of signals, not int"),
        ({"affinity": 5}, "spawn: affinity must be an iterable of ints, not int"),
        ({"join_namespaces": 5}, "spawn: join_namespaces must be an iterable of descriptors or"),
        ({"uid_map": 5}, "spawn: uid_map must be an iterable of (inside, outside, count), not int"),
        ({"umask": -1}, "spawn: umask: -1 is out of range (0 to 511)"),
    ],
)  # fmt: skip
def test_messages_lead_right(settings: dict[str, Any], message: str) -> None:
    """What is often passed by mistake is refused with what is meant, by the name of the parameter."""
    from pysys import spawn

    with pytest.raises((TypeError, ValueError, OverflowError)) as caught:
        spawn(**{"argv": ["/nonexistent"], **settings})
    assert str(caught.value).startswith(message)
    assert (type(caught.value) is OverflowError) == ("2**32" in message or "level: 8" in message)


def test_no_limit_is_what_either_python_has_for_it() -> None:
    """resource.RLIM_INFINITY is -1 where Python has 64 bits, and 2**63 - 1 where it has 32."""
    from pysys.process import spawn_arguments

    for nothing in (-1, 2**63 - 1):
        assert spawn_arguments.limits({4: (0, nothing)}) == [(4, 0, 2**64 - 1)]
    assert spawn_arguments.limits({4: 2**63 - 2}) == [(4, 2**63 - 2, 2**63 - 2)]
