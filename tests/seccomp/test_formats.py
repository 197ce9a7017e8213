"""Profiles of container engines and lines of systemd become filters, and filters become these."""

from __future__ import annotations

import json
from typing import Any

import pytest
from filter_rules import run

from pysys import abi, numbers, seccomp
from pysys.metadata import profiles as known
from pysys.seccomp import ALLOW, KILL_PROCESS, KILL_THREAD, Filter, arg, errno
from pysys.seccomp.conditions import FilterCondition

pytestmark = pytest.mark.portable
CAPABILITIES = ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_BPF", "CAP_SYS_TIME"]


def as_json(engine: str) -> str:
    """An engine's default profile in Docker's form, made of the tables of the reference."""
    default = known.default(engine)
    numbered = {"EPERM": 1, "ENOSYS": 38, "EINVAL": 22}
    syscalls = []
    for name in sorted(numbers.calls()):
        for rule in known.rules(name, engine):
            syscalls.append(
                {
                    "names": [name],
                    "action": f"SCMP_ACT_{rule.action.upper()}",
                    "errnoRet": numbered.get(rule.errno),
                    "args": [
                        {
                            "index": one.position,
                            "op": f"SCMP_CMP_{one.operator.upper()}",
                            "value": one.value,
                            "valueTwo": one.second,
                        }
                        for one in rule.arguments
                    ],
                    "includes": {**rule.includes, **_kernel(rule.includes)},
                    "excludes": {**rule.excludes, **_kernel(rule.excludes)},
                }
            )
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": numbered[default.errno],
            "archMap": [
                {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}
            ],
            "syscalls": syscalls,
        }
    )


def _kernel(conditions: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {"minKernel": conditions["minKernel"][0]} if "minKernel" in conditions else {}


@pytest.mark.parametrize("engine", ["docker", "podman"])
@pytest.mark.parametrize("capabilities", [[], CAPABILITIES], ids=["without", "with"])
@pytest.mark.parametrize("on", ["x86_64", "aarch64", "s390x"])
def test_the_profiles_of_engines(engine: str, capabilities: list[str], on: str) -> None:
    """For each call what the reference says about the profile, by capabilities, machine and kernel."""
    for kernel in ("4.4", "6.1"):
        f = seccomp.from_oci(as_json(engine), capabilities=capabilities, abis=on, kernel=kernel)
        program = f.program
        for name, number in numbers.table(on).items():
            wanted = known.allowed(name, engine, capabilities, on, kernel)
            verdicts = {
                run(program, number, words, on).name
                for words in ([0] * 6, [1] * 6, [16, 0, 9], [0xFFFFFFFF] * 2)
            }
            if isinstance(wanted, bool):
                assert verdicts == {"ALLOW" if wanted else "ERRNO"}, (name, kernel)
            else:
                assert len(verdicts) == 2 or name == "socket", (name, kernel)


def test_what_a_profile_says() -> None:
    """Actions with data, conditions, kernels, machines; what runtimes do with rules that overlap."""
    profile: dict[str, Any] = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [
            {"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW"},
            {"name": "write", "action": "SCMP_ACT_TRACE", "errnoRet": 9},
            {
                "names": ["personality"],
                "action": "SCMP_ACT_ALLOW",
                "args": [
                    {"index": 0, "value": 8, "op": "SCMP_CMP_EQ"},
                    {"index": 0, "value": 1 << 32, "op": "SCMP_CMP_GT"},
                ],
            },
            {
                "names": ["clone"],
                "action": "SCMP_ACT_KILL_PROCESS",
                "args": [{"index": 0, "value": 0x30, "valueTwo": 0x10, "op": "SCMP_CMP_MASKED_EQ"}],
            },
            {
                "names": ["open"],
                "action": "SCMP_ACT_ALLOW",
                "args": [{"index": 1, "value": 0, "op": "SCMP_CMP_EQ"}],
            },
            {"names": ["open"], "action": "SCMP_ACT_KILL"},
            {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "excludes": {"arches": ["amd64"]}},
            {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
            {"names": ["close"], "action": "SCMP_ACT_ALLOW", "args": []},
        ],
    }

    def verdict(name: str, *words: int, **options: Any) -> str:
        f = seccomp.from_oci(profile, abis="x86_64", **options)
        return str(seccomp.simulate(f.program, name, words, "x86_64"))

    assert verdict("read") == verdict("close") == "ALLOW"
    assert verdict("write") == "TRACE(9)"
    assert verdict("personality", 8) == verdict("personality", 1 << 33) == "ALLOW"
    assert verdict("personality", 9) == verdict("clone", 0x20) == "ERRNO(EPERM)"
    assert verdict("clone", 0x110) == "KILL_PROCESS"
    assert verdict("open", 0, 0) == "KILL_THREAD"
    assert verdict("mount") == verdict("bpf") == "ERRNO(EPERM)"
    assert verdict("mount", capabilities=["CAP_SYS_ADMIN"]) == "ALLOW"
    assert (verdict("ptrace", kernel="4.7"), verdict("ptrace", kernel="5.0-1-amd64")) == (
        "ERRNO(EPERM)",
        "ALLOW",
    )
    complete = seccomp.from_oci({"linux": {"seccomp": profile}}, abis="x86_64", newer=errno("ENOSYS"))
    assert complete.newer == errno("ENOSYS")
    assert seccomp.from_oci(json.dumps(profile)).abis == (abi.current(),)


def test_what_is_not_a_profile() -> None:
    """Each mistake by its name."""
    with pytest.raises(ValueError, match="no defaultAction"):
        seccomp.from_oci("{}")
    with pytest.raises(ValueError, match="unknown action 'SCMP_ACT_ALOW'"):
        seccomp.from_oci({"defaultAction": "SCMP_ACT_ALOW"})
    rule = {
        "names": ["read"],
        "action": "SCMP_ACT_ALLOW",
        "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_IS"}],
    }
    with pytest.raises(ValueError, match="unknown operator 'SCMP_CMP_IS'"):
        seccomp.from_oci({"defaultAction": "SCMP_ACT_KILL", "syscalls": [rule]})
    with pytest.raises(ValueError, match="is not the version of a kernel"):
        seccomp.from_oci({"defaultAction": "SCMP_ACT_KILL"}, kernel="new")


def test_to_a_profile_and_back() -> None:
    """What is written decides the same when it is read again."""
    f = Filter(errno("EACCES"), abis=["x86_64", "i386"], foreign=KILL_THREAD)
    f.allow("@basic-io", "openat")
    f.allow("socket", when=arg.family == 1)
    f.allow("socket", when=[arg.family == 2, arg.type & 0xF == 1])
    f.kill("personality", when=arg[0] > 5)
    f.add(seccomp.trace(3), "ptrace", when=arg[1] != 4)
    made = seccomp.to_oci(f)
    assert made["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]
    assert {"index": 0, "value": 0xFFFFFFFF, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"} in [
        argument for one in made["syscalls"] for argument in one.get("args", ())
    ]
    again = seccomp.from_oci(json.loads(json.dumps(made)), abis=["x86_64", "i386"])
    for on in ("x86_64", "i386"):
        for name, number in numbers.table(on).items():
            for words in ([0] * 6, [1, 1, 1], [2, 0xF1, 0], [6, 4], [1 << 32 | 1, 5], [5, 4]):
                assert run(f.program, number, words, on) == run(again.program, number, words, on), (
                    name,
                    words,
                )


def test_what_a_profile_cannot_say() -> None:
    """An order, a comparison of a part, an action, an ABI."""
    f = Filter(errno("EPERM"), abis="x86_64")
    f.kill("read", when=arg[0] == 1)
    f.allow("read")
    with pytest.raises(ValueError, match="read: the order of its rules counts"):
        seccomp.to_oci(f)
    f = Filter(errno("EPERM"), abis="x86_64")
    f.allow("read", when=arg.fd < 3)
    with pytest.raises(ValueError, match="cannot be said in a profile"):
        seccomp.to_oci(f)
    f = Filter(seccomp.trap(4), abis="x86_64")
    with pytest.raises(ValueError, match=r"TRAP\(4\)"):
        seccomp.to_oci(f)
    f = Filter(ALLOW, abis="i386")
    f.kill("pread64", when=arg.pos == 5)
    with pytest.raises(ValueError, match="in two registers"):
        seccomp.to_oci(f)
    with pytest.raises(ValueError, match="profiles do not know alpha"):
        seccomp.to_oci(Filter(ALLOW, abis="alpha"))


def test_lines_of_systemd() -> None:
    """Lists that allow and that deny, words that are removed, errnos of single calls."""
    f = seccomp.from_systemd(
        "[Service]\nExecStart=/bin/true\nSystemCallFilter=@clock\nSystemCallFilter=\n"
        "SystemCallFilter=@system-service \\\n reboot:ENOSYS\nSystemCallFilter=~@resources ptrace @setuid\n"
        "SystemCallFilter=~chown:EACCES\nSystemCallErrorNumber=EPERM\nSystemCallArchitectures=x86-64\n"
    )
    shown = {
        name: str(seccomp.simulate(f.program, name, [], "x86_64"))
        for name in ("read", "execve", "setpriority", "setuid", "chown", "reboot", "adjtimex", "mount")
    }
    assert shown == {
        "read": "ALLOW", "execve": "ALLOW", "setpriority": "ERRNO(EPERM)", "setuid": "ERRNO(EPERM)",
        "chown": "ERRNO(EACCES)", "reboot": "ERRNO(ENOSYS)", "adjtimex": "ERRNO(EPERM)",
        "mount": "ERRNO(EPERM)",
    }  # fmt: skip
    assert [one.name for one in f.abis] == ["x86_64"]
    denied = seccomp.from_systemd("SystemCallFilter=~@mount swapon:7\nSystemCallFilter=chroot\n")
    assert denied.default == ALLOW
    assert {denied.explain(name).action for name in ("mount", "umount2")} == {KILL_PROCESS}
    assert denied.explain("swapon").action == errno(7)
    assert denied.explain("chroot").action == ALLOW
    assert denied.abis[0] == abi.current() and len(denied.abis) == len(abi.current().runs)
    with pytest.raises(numbers.UnknownCallError):
        seccomp.from_systemd("SystemCallFilter=raed")
    assert seccomp.from_systemd("SystemCallFilter=raed", missing="skip").default == KILL_PROCESS
    with pytest.raises(LookupError, match="no group"):
        seccomp.from_systemd("SystemCallFilter=@cl0ck")
    with pytest.raises(ValueError, match="there is no SystemCallFilter"):
        seccomp.from_systemd("SystemCallErrorNumber=EPERM")


@pytest.mark.parametrize("default", [ALLOW, KILL_PROCESS, errno("EPERM")])
def test_to_systemd_and_back(default: seccomp.Action) -> None:
    """The lines are read as the same filter."""
    f = Filter(default, abis=["x86_64", "i386"])
    f.refuse("mount", error="EACCES")
    f.add(ALLOW if default == KILL_PROCESS else KILL_PROCESS, "ptrace", "@swap", "topic:mounts")
    f.allow("@basic-io", priority=-1)
    text = seccomp.to_systemd(f)
    again = seccomp.from_systemd(text)
    assert again.abis == f.abis
    for name, number in numbers.table("x86_64").items():
        assert run(f.program, number, [], "x86_64") == run(again.program, number, [], "x86_64"), (name, text)
    f.allow("socket", when=FilterCondition("family", None, "==", 1))
    with pytest.raises(ValueError, match="cannot say conditions"):
        seccomp.to_systemd(f)
    with pytest.raises(ValueError, match="cannot say LOG"):
        seccomp.to_systemd(Filter(seccomp.LOG))
    with pytest.raises(ValueError, match="without a rule"):
        seccomp.to_systemd(Filter(default))
