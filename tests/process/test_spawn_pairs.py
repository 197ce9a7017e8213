"""spawn: requirement S10, all its settings with one another, against what a program finds when it starts.

Each setting alone, each pair, and more at random: the program (support/reporter.c) has to find what both ask
for, and all else as without them. What that is stands here: a setting's own facts in `SETTINGS`, what two
or more of them have to do with one another in `expected` and `refusal`.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import reporter
from isolated import filter_calls, need_root
from surroundings import (
    DIRECTORY,
    INHERITABLE,
    KINDS,
    LIMIT,
    MAP,
    PLAIN,
    PROGRAM,
    TERMINAL,
    USER,
    Surroundings,
    libc,
    no_namespace,
    refused,
    surroundings,
    without_cgroup,
)

from pysys import OWN_ID, errors, numbers, spawn
from pysys.calls import keyctl, landlock_abi, set_mempolicy
from pysys.mounts import tmpfs

pytestmark = pytest.mark.isolated

GONE = None
OVERFLOW = "65534"  # what an id is that a user namespace has no number for
CAPABILITIES = ["CAP_NET_BIND_SERVICE", 5]
CAPABILITY_BITS = 1 << 10 | 1 << 5
GROUP, GROUPS = 2345, [1, 3456]
KEPT = [*CAPABILITIES, "net_raw"]
KEPT_BITS = CAPABILITY_BITS | 1 << 13
NO_MORE_AMBIENT = 1 << 6  # SECBIT_NO_CAP_AMBIENT_RAISE
PERSONALITY = libc.personality(0xFFFFFFFF) | 0x0040000  # ADDR_NO_RANDOMIZE
REFUSED = 77  # an errno
SCHED_BATCH, IO_IDLE, MPOL_LOCAL = 3, 3, 4
DOMAIN = Path("/proc/sys/kernel/domainname").read_text().strip()


class Setting(NamedTuple):
    asked: Callable[[Surroundings], dict[str, Any]]
    shown: dict[str, object]  # facts that are so where this is asked for alone
    root: bool = False  # whether it takes privileges, which a user namespace of one's own does not give
    refused: Callable[[], str] = lambda: ""  # why this machine does not do it


def fixed(**asked: Any) -> Callable[[Surroundings], dict[str, Any]]:
    return lambda _: asked


def mapping(numbers: Iterable[int], source: Callable[[int], int]) -> dict[str, Any]:
    return {"fds": {number: source(number) for number in numbers}}


def nice() -> int:
    return min(os.getpriority(os.PRIO_PROCESS, 0) + 3, 19)


def cpu() -> int:
    return max(os.sched_getaffinity(0))


def no_chroot() -> str:
    return refused(partial(os.chroot, "/")) if os.geteuid() == 0 else no_namespace("user")


def id_maps(w: Surroundings) -> dict[str, Any]:
    if w.who == "root":
        return {"uid_map": MAP, "gid_map": MAP}
    return {"uid_map": [(0, os.getuid(), 1)], "gid_map": [(0, os.getgid(), 1)]}


def no_landlock() -> str:
    abi = landlock_abi()
    return "" if abi >= 4 else f"Landlock has version {abi} here, and ports need 4"


def no_memory_policy() -> str:
    return refused(lambda: set_mempolicy(0, None, 0))


def no_keyrings() -> str:
    return refused(lambda: keyctl(1, 0, 0, 0, 0))


def filter_of_one_call() -> list[tuple[int, int, int, int]]:
    load, equal, give = 0x20, 0x15, 0x06
    number = numbers.number("sched_yield")
    return [(load, 0, 0, 0), (equal, 0, 1, number), (give, 0, 0, 0x50000 | REFUSED), (give, 0, 0, 0x7FFF0000)]


def ignored(*numbers: int) -> dict[str, object]:
    return {f"ignored {int(number)}": True for number in numbers}


def blocked(*numbers: int) -> dict[str, object]:
    return {f"blocked {int(number)}": True for number in numbers}


SETTINGS: dict[str, Setting] = {
    # ---- the program ----
    "env": Setting(fixed(env={"A": "1", "PATH": "/bin"}), {"variables": ("A=1", "PATH=/bin")}),
    "own id": Setting(fixed(env={"ME": OWN_ID}), {"variables": ("ME=own",)}),
    "executable": Setting(
        lambda w: {"argv": ["shown", ""], "executable": w.program}, {"arguments": ("shown", "")}
    ),
    "executable descriptor": Setting(fixed(argv=["shown"], executable=PROGRAM), {"arguments": ("shown",)}),
    # ---- places: see `place` ----
    "cwd": Setting(lambda w: {"cwd": f"{w.folder}/place"}, {}),
    "cwd relative": Setting(fixed(cwd="sub"), {}),
    "cwd private": Setting(fixed(cwd="private"), {}),
    "cwd descriptor": Setting(fixed(cwd=DIRECTORY), {}),
    "chroot": Setting(lambda w: {"chroot": w.jail}, {"root": "jail"}, refused=no_chroot),
    "root": Setting(lambda w: {"root": w.jail}, {"namespace mnt": "new"}, refused=no_chroot),
    "mounts": Setting(
        lambda w: {"mounts": [tmpfs(f"{w.folder}/mounted")]},
        {"namespace mnt": "new", "mounted": "FOLDER/mounted"},
        refused=partial(no_namespace, "mnt"),
    ),
    # ---- descriptors ----
    "stdin": Setting(fixed(stdin=5), {"fd 0": "five"}),
    "stdin null": Setting(fixed(stdin=subprocess.DEVNULL), {"fd 0": "null"}),
    "stdout": Setting(fixed(stdout=8), {"fd 1": "other socket"}),
    "stderr": Setting(fixed(stderr=6), {"fd 2": "six"}),
    "stderr as stdout": Setting(fixed(stderr=subprocess.STDOUT), {"fd 2": "1"}),
    "fds": Setting(fixed(fds={4: 5}), {"fd 4": "five"}),
    "fds in place": Setting(fixed(fds={PROGRAM: PROGRAM}), {f"fd {PROGRAM}": "program"}),
    "fds crossing": Setting(fixed(fds={6: 7, 7: 6}), {"fd 6": "seven", "fd 7": "six"}),
    "fds highest": Setting(fixed(fds={LIMIT - 1: 5}), {f"fd {LIMIT - 1}": "five"}),
    "fds over all others": Setting(
        lambda _: mapping(range(3, 64), lambda _: PLAIN), {f"fd {n}": "null" for n in range(3, 64)}
    ),
    "inheritable": Setting(fixed(close_fds=False), {}),
    # ---- session, group, terminal ----
    "session": Setting(fixed(start_new_session=True), {"session": "own", "group": "own"}),
    "group of its own": Setting(fixed(process_group=0), {"group": "own"}),
    "group of another": Setting(lambda w: {"process_group": w.leader}, {"group": "leader"}),
    "terminal": Setting(
        lambda w: {"controlling_terminal": w.new_terminal()},
        {"session": "own", "group": "own", "terminal": "given"},
    ),
    "steal": Setting(
        lambda w: {"controlling_terminal": w.new_terminal(), "steal_terminal": True},
        {"session": "own", "group": "own", "terminal": "given"},
    ),
    "foreground": Setting(
        lambda w: {"controlling_terminal": w.new_terminal(), "foreground": TERMINAL},
        {"session": "own", "group": "own", "terminal": "given"},
    ),
    # ---- limits ----
    "umask": Setting(fixed(umask=0o137), {"umask": "137"}),
    "descriptor limit": Setting(
        fixed(rlimits={"NOFILE": (64, 64)}), {f"limit {resource.RLIMIT_NOFILE}": "40 40"}
    ),
    "core limit": Setting(fixed(rlimits={"CORE": 0}), {f"limit {resource.RLIMIT_CORE}": "0 0"}),
    "priority": Setting(lambda _: {"priority": nice()}, {"nice": str(nice())}),
    "affinity": Setting(lambda _: {"affinity": [cpu()]}, {"cpus": str(cpu())}),
    "badness": Setting(fixed(oom_score_adj=500), {"oom_score_adj": "500"}),
    "core contents": Setting(fixed(coredump_filter=5), {"coredump_filter": "00000005"}),
    "personality": Setting(fixed(personality=PERSONALITY), {"personality": f"{PERSONALITY:x}"}),
    "timer slack": Setting(fixed(timer_slack=12345), {"slack": "12345"}),
    "subreaper": Setting(fixed(child_subreaper=True), {"subreaper": "1"}),
    "scheduling": Setting(fixed(scheduling=SCHED_BATCH), {"policy": SCHED_BATCH}),
    "io priority": Setting(fixed(io_priority=(IO_IDLE, 0)), {"io": "idle"}),
    "memory policy": Setting(fixed(numa_policy=MPOL_LOCAL), {}, refused=no_memory_policy),
    # ---- users and privileges: see `identity` ----
    "user": Setting(fixed(user=USER), {}, root=True),
    "group": Setting(fixed(group=GROUP), {}, root=True),
    "groups": Setting(fixed(extra_groups=GROUPS), {}, root=True),
    "no groups": Setting(fixed(extra_groups=[]), {}, root=True),
    "capabilities": Setting(fixed(ambient_caps=CAPABILITIES), {}),
    "keyring": Setting(fixed(keyring="pysys-test"), {"keyring": "given"}, refused=no_keyrings),
    "only capabilities": Setting(fixed(capabilities=KEPT), {}),
    "only bounding": Setting(fixed(capabilities={"bounding": KEPT}), {}),
    "securebits": Setting(fixed(securebits=NO_MORE_AMBIENT), {"securebits": f"{NO_MORE_AMBIENT:x}"}),
    "no new privileges": Setting(fixed(no_new_privs=True), {"no_new_privs": "1"}),
    # ---- signals ----
    "death signal": Setting(fixed(pdeathsig=signal.SIGUSR1), {"pdeathsig": str(int(signal.SIGUSR1))}),
    "signals as they are": Setting(fixed(restore_signals=False), ignored(signal.SIGPIPE, signal.SIGXFSZ)),
    "signal mask": Setting(
        fixed(signal_mask=[signal.SIGTERM, signal.SIGUSR1]),
        {f"blocked {int(signal.SIGURG)}": GONE, **blocked(signal.SIGTERM, signal.SIGUSR1)},
    ),
    "default signal": Setting(
        fixed(signals_default=[signal.SIGUSR2]), dict.fromkeys(ignored(signal.SIGUSR2), GONE)
    ),
    "ignored signals": Setting(
        fixed(signals_ignored=[signal.SIGUSR1, signal.SIGWINCH]), ignored(signal.SIGUSR1, signal.SIGWINCH)
    ),
    # ---- namespaces and cgroups ----
    **{
        f"new {kind}": Setting(
            fixed(namespaces=flag), {f"namespace {kind}": "new"}, refused=partial(no_namespace, kind)
        )
        for kind, flag in KINDS.items()
    },
    "host name": Setting(
        fixed(hostname="box"),
        {"namespace uts": "new", "host": "box"},
        refused=partial(no_namespace, "uts"),
    ),
    "domain name": Setting(
        fixed(domainname=b"dom"),
        {"namespace uts": "new", "domain": "dom"},
        refused=partial(no_namespace, "uts"),
    ),
    "loopback": Setting(
        fixed(loopback=True),
        {"namespace net": "new", "loopback": "up"},
        refused=partial(no_namespace, "net"),
    ),
    "time offsets": Setting(
        fixed(time_offsets={"monotonic": 5 * 10**9 + 3, "boottime": -(10**9)}),
        {"namespace time": "new", "timens_offsets": "monotonic 5 3 boottime -1 0"},
        refused=partial(no_namespace, "time"),
    ),
    "join uts": Setting(
        lambda w: {"join_namespaces": [w.join("uts")]},
        {"namespace uts": "joined", "host": "joined", "domain": DOMAIN},
        root=True,
        refused=partial(no_namespace, "uts"),
    ),
    "join pid": Setting(
        lambda w: {"join_namespaces": [w.join("pid")]},
        {"namespace pid": "joined", "pid": "inside"},
        root=True,
        refused=partial(no_namespace, "pid"),
    ),
    "join user": Setting(
        lambda w: {"join_namespaces": [w.join("user")]},
        {"namespace user": "joined"},
        root=True,
        refused=partial(no_namespace, "user"),
    ),
    "inside uts": Setting(
        fixed(namespaces_inside=KINDS["uts"]),
        {"namespace uts": "new"},
        refused=partial(no_namespace, "uts"),
    ),
    "inside pid": Setting(
        fixed(namespaces_inside=KINDS["pid"]),
        {"namespace pid": "new", "pid": "first"},
        refused=partial(no_namespace, "pid"),
    ),
    "init": Setting(
        fixed(init=True),
        {"namespace pid": "new", "pid": "inside", "parent": "1", "parent seen": "init"},
        refused=partial(no_namespace, "pid"),
    ),
    "before exec": Setting(fixed(before_exec=lambda _: None), {}),
    "id maps": Setting(id_maps, {"namespace user": "new"}, refused=partial(no_namespace, "user")),
    "cgroup": Setting(
        lambda w: {"cgroup": w.make_cgroup()}, {"cgroup": "given"}, root=True, refused=without_cgroup
    ),
    # ---- what it may ask for: see `gives_up_privileges` ----
    "landlock": Setting(
        fixed(landlock={"paths": {"/": "all"}, "connect": [2]}), {"port": "denied"}, refused=no_landlock
    ),
    "filter": Setting(fixed(seccomp=filter_of_one_call()), {"yield": str(REFUSED)}),
    # ---- the Child ----
    "no pidfd": Setting(fixed(pidfd=False), {"pidfd": "none"}),
}


TERMINALS = {"terminal", "steal", "foreground"}


# ---- what settings have to do with one another ----


class Refusal(NamedTuple):
    error: str
    step: str | None
    calls: tuple[str, ...]


def refusal(who: str, names: frozenset[str]) -> Refusal | None:
    """The first of the child's steps that the kernel does not take with the others."""
    own_user = bool(names & {"new user", "id maps"})
    new = {name for name in names if name.startswith("new ")} - {"new user"}
    new |= names & {"host name", "domain name", "loopback", "init"}
    inside = names & {"inside uts", "inside pid"}
    if "before exec" in names and names & {"join pid", "inside pid"}:
        return Refusal("EINVAL", "before_exec", ("clone",))
    new -= {"new time"} if "time offsets" in names else set()  # which the child makes
    join = {name for name in names if name.startswith("join ")}
    if who == "user" and new and not own_user:
        return Refusal("EPERM", None, ("clone", "clone3"))
    if who == "user" and "time offsets" in names and not own_user:
        return Refusal("EPERM", "time_offsets", ("unshare",))
    if join and own_user:  # there it has no rights over what is outside
        return Refusal("EPERM", "join_namespaces", ("setns",))
    if "join pid" in names and names & {"new pid", "init"}:  # which is not below the new one
        return Refusal("EINVAL", "join_namespaces", ("setns",))
    if "inside pid" in names and names & {"join pid", "new pid"}:
        return Refusal("EINVAL", "namespaces_inside", ("clone",))
    if who == "user" and inside and not own_user:
        return Refusal("EPERM", "namespaces_inside", ("clone" if "inside pid" in inside else "unshare",))
    if who == "user" and names & {"root", "mounts"} and not own_user:
        return Refusal("EPERM", "mounts" if "mounts" in names else "root", ("unshare",))
    if names & {"session", *TERMINALS} and names & {"group of its own", "group of another"}:
        return Refusal("EPERM", "process_group", ("setpgid",))
    if (
        names & {"new pid", "join pid", "inside pid", "init"} and "group of another" in names
    ):  # the number is of outside
        return Refusal("EPERM", "process_group", ("setpgid",))
    if names >= {"root", "chroot"}:  # whose path is of the new root
        return Refusal("ENOENT", "chroot", ("chroot",))
    if who == "user" and "chroot" in names and not own_user:
        return Refusal("EPERM", "chroot", ("chroot",))
    if "new user" in names and "id maps" not in names:  # no id has a number there
        if names & {"groups", "no groups"}:
            return Refusal("EPERM", "extra_groups", ("setgroups", "setgroups32"))
        if "group" in names:
            return Refusal("EINVAL", "group", ("setresgid", "setresgid32"))
        if "user" in names:
            return Refusal("EINVAL", "user", ("setresuid", "setresuid32"))
    if who == "user" and not own_user:
        for name, step, call in (
            ("only capabilities", "capabilities", "capset"),
            ("only bounding", "capabilities", "prctl"),
            ("capabilities", "ambient_caps", "capset"),
            ("securebits", "securebits", "prctl"),
        ):
            if name in names:
                return Refusal("EPERM", step, (call,))
    if names >= {"root", "landlock"}:  # whose / is the old one
        return Refusal("EACCES", "executable", ("execve", "execveat"))
    return None


def place(names: frozenset[str]) -> dict[str, object]:
    """Where it starts: a path is of the new root, a relative one is so to it."""
    cwd = next((name for name in names if name.startswith("cwd")), "")
    if names & {"chroot", "root"}:
        there, path = {
            "": ("jail", "/"),
            "cwd": ("place in jail", "FOLDER/place"),
            "cwd relative": ("sub in jail", "/sub"),
            "cwd private": ("private in jail", "/private"),
            "cwd descriptor": ("inner", "/inner"),
        }[cwd]
    else:
        there, path = {
            "": ("start", "FOLDER/start"),
            "cwd": ("place", "FOLDER/place"),
            "cwd relative": ("sub", "FOLDER/start/sub"),
            "cwd private": ("private", "FOLDER/start/private"),
            "cwd descriptor": ("inner", "FOLDER/jail/inner"),
        }[cwd]
    if "cwd descriptor" in names and names & {
        "new mnt",
        "mounts",
        "root",
    }:  # it is of the mounts that it was opened in
        path = "(unreachable)FOLDER/jail/inner"
    return {"cwd": there, "path": path, "root": "jail" if names & {"chroot", "root"} else "/"}


def text(lines: Iterable[tuple[int, int, int]]) -> str:
    return " ".join(" ".join(map(str, line)) for line in lines)


def identity(who: str, names: frozenset[str], plain: dict[str, Any]) -> dict[str, object]:
    """Ids, capabilities and maps. A change of the user takes all capabilities but the ambient ones; whoever
    is root in a user namespace has all of them there."""
    uid, gid, groups = plain["uids"].split()[0], plain["gids"].split()[0], plain["groups"].split()
    facts: dict[str, object] = {}
    inside = bool(names & {"new user", "id maps", "join user"})
    if "id maps" in names and who == "user":
        line = " 1"
        facts |= {"uid_map": f"0 {uid}{line}", "gid_map": f"0 {gid}{line}", "setgroups": "deny"}
        groups = ["0" if group == gid else OVERFLOW for group in groups]
        uid = gid = "0"
    elif names & {"id maps", "join user"}:
        facts |= {"uid_map": text(MAP), "gid_map": text(MAP)}
    elif "new user" in names:
        facts |= {"uid_map": "", "gid_map": ""}
        uid = gid = OVERFLOW
        groups = [OVERFLOW] * len(groups)
    if "user" in names:
        uid = str(USER)
    if "group" in names:
        gid = str(GROUP)
    if names & {"groups", "no groups"}:
        groups = [str(group) for group in GROUPS] if "groups" in names else []
    ambient = CAPABILITY_BITS if "capabilities" in names else plain["ambient"]
    permitted = plain["permitted"]
    bounding, inheritable = plain["bounding"], 0 if inside else plain["inheritable"]
    if inside:
        permitted = bounding = (2 << int(Path("/proc/sys/kernel/cap_last_cap").read_text())) - 1
    if "only capabilities" in names:
        ambient = inheritable = KEPT_BITS
    if names & {"only capabilities", "only bounding"}:
        permitted, bounding = permitted & KEPT_BITS, KEPT_BITS
    if (inside or who == "root") and uid != "0":
        permitted = ambient
    return {
        **facts,
        "bounding": bounding,
        "uids": f"{uid} {uid} {uid} {uid}",
        "gids": f"{gid} {gid} {gid} {gid}",
        "groups": " ".join(groups),
        "ambient": ambient,
        "permitted": permitted,
        "effective": permitted,
        "inheritable": inheritable | ambient,
    }


def gives_up_privileges(who: str, names: frozenset[str]) -> bool:
    """Whether Landlock or a filter brings no_new_privs: where the child has no CAP_SYS_ADMIN before it."""
    has_all = (who == "root" or names & {"new user", "id maps", "join user"}) and "user" not in names
    return bool(names & {"landlock", "filter"}) and (not has_all or "only capabilities" in names)


def expected(who: str, names: frozenset[str], plain: dict[str, Any]) -> dict[str, object]:
    """What the program finds."""
    facts = dict(plain)
    if names & {"new pid", "join pid", "inside pid", "init"}:  # it sees nobody of outside
        facts |= {"parent": "outside", "session": "outside", "group": "outside"}
    if "new pid" in names:
        facts["pid"] = "first"
    for name, setting in SETTINGS.items():  # what is joined comes after what is new
        if name in names:
            facts |= setting.shown
    if "init" in names:  # which has made the session and the group
        facts |= {kind: "1" for kind in ("session", "group") if facts[kind] == "own"}
        facts["pdeathsig"] = plain["pdeathsig"]
    if names >= {"chroot", "mounts"}:  # that is outside
        facts["mounted"] = GONE
    if names >= {"stdout", "stderr as stdout"}:
        facts["fd 2"] = "other socket"
    if "inheritable" in names:
        facts = {f"fd {number}": str(number) for number in INHERITABLE} | facts
    if "new net" in names and "loopback" not in names:
        facts["loopback"] = "down"
    if gives_up_privileges(who, names):
        facts["no_new_privs"] = "1"
    facts |= place(names) | identity(who, names, plain)
    return {name: value for name, value in facts.items() if value is not GONE}


# ---- the tests ----


def together(w: Surroundings, names: Iterable[str]) -> dict[str, Any] | None:
    """The arguments for all of these; None where two are the same parameter."""
    result: dict[str, Any] = {}
    for name in names:
        for parameter, value in SETTINGS[name].asked(w).items():
            if parameter not in result:
                result[parameter] = value
            elif parameter == "fds" and not value.keys() & result[parameter].keys():
                result[parameter] = {**result[parameter], **value}
            elif parameter == "join_namespaces":
                result[parameter] = [*result[parameter], *value]
            elif parameter in ("namespaces", "namespaces_inside"):
                result[parameter] |= value
            else:
                return None
    return None if names_one_process_1_too_many(result) else result


def names_one_process_1_too_many(settings: dict[str, Any]) -> bool:
    return "init" in settings and bool(settings.get("namespaces_inside", 0) & KINDS["pid"])


def available(who: str) -> list[str]:
    """What can be asked for here, in the table's order."""
    return [
        name
        for name, setting in SETTINGS.items()
        if (who == "root" or not setting.root) and not setting.refused()
    ]


def difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} is {found.get(name)!r}, not {wanted.get(name)!r}"
        for name in sorted(found.keys() | wanted.keys())
        if found.get(name) != wanted.get(name)
    )


def wrong(w: Surroundings, names: frozenset[str], plain: dict[str, Any]) -> str | None:
    """What is not as it should be with these; empty if nothing is, None if they cannot be together."""
    ordered = [name for name in SETTINGS if name in names]
    try:
        settings = together(w, ordered)
        if settings is None:
            return None
        refused = refusal(w.who, names)
        before = w.state()
        argv = settings.pop("argv", [w.program, "one"])
        try:
            found = w.run(argv, **settings)
        except OSError as error:
            told = (type(error).__name__, getattr(error, "step", None), getattr(error, "syscall", None))
            error.__traceback__ = None
            if refused is None:
                return f"{told[0]} from {told[2]} (step {told[1]})"
            if told[:2] != refused[:2] or told[2] not in refused.calls:
                return f"{told} and not {refused}"
        else:
            if refused is not None:
                return f"it starts, where {refused} was to come"
            if text := difference(found, expected(w.who, names, plain)):
                return text
        return difference(w.state(), before) and f"left here: {difference(w.state(), before)}"
    finally:
        if names & TERMINALS and w.terminal_is_open():
            w.close_terminal()


def check(w: Surroundings, sets: Iterable[frozenset[str]], at_least: int) -> None:
    plain = w.run([w.program, "one"])
    again = w.run([w.program, "one"])
    assert not difference(again, plain)
    assert plain["returncode"] == 7
    found, tried = [], 0
    for names in sets:
        reason = wrong(w, names, plain)
        tried += reason is not None
        if reason:
            found.append(f"{' + '.join(name for name in SETTINGS if name in names)}: {reason}")
    assert tried >= at_least
    assert not found, f"{len(found)} of {tried}:\n" + "\n".join(found)


def where(who: str) -> None:
    if who == "root":
        need_root()


PAIRS = [
    (who, name) for who in ("root", "user") for name in SETTINGS if who == "root" or not SETTINGS[name].root
]


@pytest.mark.parametrize("who", ["root", "user"])
def test_S10_each_alone(who: str) -> None:
    where(who)
    with surroundings(who) as w:
        check(w, (frozenset({name}) for name in available(who)), 10)


@pytest.mark.once
@pytest.mark.parametrize(("who", "first"), PAIRS)
def test_S10_pairs(who: str, first: str) -> None:
    """A setting with each that comes after it in the table."""
    where(who)
    with surroundings(who) as w:
        if why := SETTINGS[first].refused():
            pytest.skip(f"{first}: {why}")
        names = available(who)
        others = names[names.index(first) + 1 :]
        check(w, (frozenset({first, other}) for other in others), min(1, len(others)))


@pytest.mark.parametrize("who", ["root", "user"])
@pytest.mark.parametrize("kernel", ["as it is", "older"])
@pytest.mark.isolated(timeout=300)
@pytest.mark.thorough
def test_S10_many_together(who: str, kernel: str) -> None:
    """Three to eight of them, at random; also where clone3 and close_range are missing."""
    where(who)
    newer = [numbers.number(name) for name in ("clone3", "close_range")]  # while the table can be read
    chosen = random.Random(10)
    with surroundings(who) as w:
        names = available(who)
        if kernel == "older":
            filter_calls(newer, errno.ENOSYS)
            names = [name for name in names if name != "new time"]  # which only clone3 can say
        check(w, (frozenset(chosen.sample(names, chosen.randint(3, 8))) for _ in range(600)), 200)


# ---- what no two settings show ----


@pytest.mark.parametrize("cwd", [".", "..", "sub/..", "sub/../..", "./sub/../../../..", b"../../../.."])
def test_S10_no_relative_directory_leads_out_of_the_new_root(cwd: str | bytes) -> None:
    """chroot with a relative cwd starts inside the new root, however many levels it goes up."""
    need_root()
    with surroundings("root") as w:
        facts = w.run([w.program], chroot=w.jail, cwd=cwd)
        assert (facts["root"], facts["cwd"], facts["path"]) == ("jail", "jail", "/")


@pytest.mark.parametrize("asked", [{}, {"user": USER}, {"group": GROUP}, {"extra_groups": []}], ids=str)
def test_S10_a_relative_directory_is_entered_once(asked: dict[str, Any]) -> None:
    """As without a change of user or groups: one level up is one level up."""
    need_root()
    with surroundings("root") as w:
        for cwd, name, path in (
            ("sub", "sub", "FOLDER/start/sub"),
            ("./sub/sub", "sub of sub", "FOLDER/start/sub/sub"),
            ("../jail/inner", "inner", "FOLDER/jail/inner"),
            ("../place", "place", "FOLDER/place"),
        ):
            facts = w.run([w.program], cwd=cwd, **asked)
            assert (facts["cwd"], facts["path"]) == (name, path)
        assert w.run([w.program], cwd="..", **asked)["path"] == "FOLDER"
        with pytest.raises(errors.ENOENT) as caught:
            w.run([w.program], cwd="sub/sub/sub", **asked)
        assert (caught.value.step, caught.value.filename) == ("cwd", "sub/sub/sub")


@pytest.mark.parametrize("who", ["root", "user"])
def test_S10_a_number_that_is_not_open_is_EBADF(who: str) -> None:
    """Whatever spawn itself opens or moves, and whichever numbers that takes: no program gets it."""
    where(who)
    with surroundings(who) as w:
        none = os.dup(0)  # what spawn itself opens comes here and above
        os.close(none)
        own: dict[str, dict[str, Any]] = {"nothing": {}, "null": {"stdin": subprocess.DEVNULL}}
        if not SETTINGS["id maps"].refused():
            own["socket"] = id_maps(w)
        if who == "root" and not SETTINGS["cgroup"].refused():
            w.make_cgroup()
            own["cgroup"] = {"cgroup": w.cgroup}
        wrong: list[str] = []

        def refuse(what: str, step: str, **asked: Any) -> None:
            try:
                child = spawn([w.program, "at once"], **asked)
            except OSError as error:
                if not isinstance(error, errors.EBADF) or error.step != step:
                    wrong.append(f"{what}: {type(error).__name__}, step {getattr(error, 'step', None)}")
                error.__traceback__ = None
            else:
                with child:
                    _, lines = reporter.told(w.channels)
                found = [line.split() for line in lines if line.startswith("fd ")]
                wrong.append(f"{what}: it starts with { {n: w.names.get(where) for _, n, where in found} }")

        for what, settings in own.items():
            for number in (none, none + 1, none + 2):
                refuse(f"{what}, in place of {number}", "fds", fds={number: number}, **settings)
                refuse(f"{what}, {number} as another", "fds", fds={50: number}, **settings)
                refuse(f"{what}, {number} as stderr", "stderr", stderr=number, **settings)
                refuse(f"{what}, {number} as cwd", "cwd", cwd=number, **settings)
                refuse(f"{what}, {number} as the program", "executable", executable=number, **settings)
                refuse(
                    f"{what}, {number} as the terminal",
                    "controlling_terminal",
                    controlling_terminal=number,
                    **settings,
                )
                if who == "root":
                    refuse(
                        f"{what}, {number} to join", "join_namespaces", join_namespaces=[number], **settings
                    )
        refuse("a number that is given before", "fds", fds={none: 5, none + 1: none})
        for more in range(4):  # numbers above all targets, where spawn moves what is in the way
            number = none + more
            refuse(f"crossing, {number}", "fds", fds={6: 7, 7: 6, none - 1: number})
            refuse(f"crossing, {number} as stderr", "stderr", fds={6: 7, 7: 6}, stderr=number)
            for name, asked in (("cwd", {"cwd": DIRECTORY}), ("executable", {"executable": DIRECTORY})):
                fds = {DIRECTORY: 5, 50: 51 + more}
                refuse(f"{name} moved, {51 + more}", "fds", fds=fds, **asked)
        assert not wrong, "\n".join(wrong)


def test_S10_numbers_change_places_at_the_limit() -> None:
    """Descriptors cross over also where the highest number that there may be is among them."""
    with surroundings("user") as w:
        highest = LIMIT - 1
        os.dup2(8, highest, inheritable=False)
        for fds, shown in (
            ({6: 7, 7: 6, highest: 5}, {6: "seven", 7: "six", highest: "five"}),
            ({highest: 5, 5: highest}, {highest: "five", 5: "other socket"}),
            ({highest: 5, 5: 6, 6: highest}, {highest: "five", 5: "six", 6: "other socket"}),
        ):
            facts = w.run([w.program], fds=fds)
            assert {int(name[3:]): facts[name] for name in facts if name.startswith("fd ")} == {
                **{0: "0", 1: "1", 2: "2"},
                **shown,
            }
        facts = w.run(
            ["shown"], executable=PROGRAM, cwd=DIRECTORY, fds={PROGRAM: 5, DIRECTORY: 6, highest: 7}
        )
        assert (facts["cwd"], facts[f"fd {PROGRAM}"], facts[f"fd {highest}"]) == ("inner", "five", "seven")
        os.close(highest)


@pytest.mark.portable  # a million calls, which tests/process/test_spawn.py (one by one) makes on each ABI
@pytest.mark.parametrize("limit", ["before", "with it"])
def test_S10_nothing_above_a_lowered_limit_stays_open(limit: str) -> None:
    """Without close_range, and with no descriptor left to list the others."""
    with surroundings("user") as w:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        rlimits: dict[int | str, int | tuple[int, int]]
        rlimits = {"NOFILE": (soft, hard)} if limit == "before" else {"NOFILE": (3, hard)}
        filter_calls([numbers.number("close_range")], errno.ENOSYS)
        if limit == "before":
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        child = spawn([w.program], rlimits=rlimits, pidfd=False)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        channel, lines = reporter.told(w.channels)
        channel.send(b".")
        assert child.wait() == 7
        assert [line.split()[1] for line in lines if line.startswith("fd ")] == ["0", "1", "2"]


def test_S10_id_maps_of_a_process_that_gave_up_privileges() -> None:
    """Such a process is not dumpable, and its /proc files are root's; its maps are written all the same."""
    with surroundings("user") as w:
        if why := SETTINGS["id maps"].refused():
            pytest.skip(why)
        plain = w.run([w.program, "one"])
        pr_get_dumpable, pr_set_dumpable = 3, 4
        libc.prctl(pr_set_dumpable, 0, 0, 0, 0)
        try:
            facts = w.run([w.program, "one"], **id_maps(w))
            assert libc.prctl(pr_get_dumpable, 0, 0, 0, 0) == 0
        finally:
            libc.prctl(pr_set_dumpable, 1, 0, 0, 0)
        assert not difference(facts, expected("user", frozenset({"id maps"}), plain))
