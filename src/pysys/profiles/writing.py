"""Makes a filter of a recording, and writes it in the forms that others read."""

from __future__ import annotations

from keyword import iskeyword

from pysys import abi as abis
from pysys import metadata, numbers, seccomp
from pysys.loading import hint, load
from pysys.profiles import comparing
from pysys.seccomp import Filter, FilterCondition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysys.profiles.comparing import Values
    from pysys.profiles.recording import Recording
    from pysys.seccomp import Action

__all__ = ["ALWAYS", "CONTAINER", "FORMS", "LOADER", "filter_of", "written"]

FORMS = ("oci", "systemd", "python")

ALWAYS = "always: to start, to return from signals, to end"
CONTAINER = "of the container runtime, before the program"
LOADER = "only of the dynamic loader"
_ASKED = "asked for"
# Without these no program runs under a filter: execve comes after the filter; the kernel has a program return
# from a signal, and resume a call that SIGSTOP or a debugger has interrupted.
_ALWAYS = "execve exit exit_group restart_syscall rt_sigreturn sigreturn".split()
# What runc does between the filter and execve, with the scheduler of Go. With no_new_privs that is to open
# and write the fifo that says when to start, and to close what is open. Without, the filter comes before the
# change of user, groups and capabilities, and before the program is looked for.
_CONTAINER = """
    access brk capget capset chdir clone close close_range epoll_create1 epoll_ctl epoll_pwait eventfd2
    execveat faccessat faccessat2 fchown fcntl fstat fstatfs futex getcwd getdents64 getegid geteuid
    getgid getpid getppid gettid getuid kill lstat madvise mmap mprotect munmap nanosleep newfstatat open
    openat personality pipe2 prctl read readlinkat rt_sigaction rt_sigprocmask sched_yield setgid
    setgroups setresgid setresuid setuid sigaltstack stat tgkill write
""".split()

_Rules = dict[str, "list[Values] | None"]  # by call: the values that are allowed, None for any


def filter_of(seen: Recording, default: Action, container: bool, also: Iterable[str]) -> Filter:
    """The filter that allows what was seen: a rule for each group, and for each set of values."""
    made = Filter(default, abis=_abis(seen), missing="skip")
    for rules in _groups(seen, container, also).values():
        for names, values in _together(rules):
            made.allow(*names, when=[FilterCondition(name, None, "==", one) for name, one in values])
    return made


def _abis(seen: Recording) -> list[str]:
    """The ABIs of a filter; this process's if there are none, and otherwise in front."""
    here = abis.current().name
    return sorted(seen.abis, key=lambda name: name != here) or [here]


def _groups(seen: Recording, container: bool, also: Iterable[str]) -> dict[str, _Rules]:
    """The calls by what they are for."""
    asked = list(dict.fromkeys(name for word in also for name in _meant(word)))
    free = {*_ALWAYS, *(_CONTAINER if container else ()), *asked}
    found: dict[str, _Rules] = {}
    titles = {name: _topic(name) if call.by_program else LOADER for name, call in seen.calls.items()}
    for name in sorted(titles, key=lambda name: (titles[name] == LOADER, titles[name], name)):
        values = seen.calls[name].values
        rules = None if name in free or () in values else comparing.few(values)
        if rules and not all(comparing.is_same(name, one, seen.abis) for one in rules):
            rules = None
        found.setdefault(titles[name], {})[name] = rules
    for title, names in ((ALWAYS, _ALWAYS), (CONTAINER, _CONTAINER if container else []), (_ASKED, asked)):
        known = {name for rules in found.values() for name in rules}
        there = {name for one in _abis(seen) for name in numbers.table(abis.get(one))}
        new: _Rules = {name: None for name in names if name not in known and name in there}
        if new:
            found[title] = new
    return found


def _meant(word: str) -> tuple[str, ...]:
    """The calls that a word names, as in a rule of a filter."""
    rules = Filter(seccomp.ALLOW, missing="skip")
    rules.refuse(word)
    return rules.rules[0].calls


def _topic(name: str) -> str:
    page = metadata.pages.get(name)
    return page.topics[0] if page is not None and page.topics else "other"


def _together(rules: _Rules) -> Iterator[tuple[list[str], Values]]:
    """Names with the values for which they are allowed: first those for which any are."""
    free = [name for name, values in rules.items() if values is None]
    if free:
        yield free, ()
    for name, values in rules.items():
        for one in values or ():
            yield [name], one


def written(seen: Recording, form: str, default: Action, container: bool, also: Iterable[str]) -> str:
    """A recording as text."""
    if form not in FORMS:
        raise ValueError(f"a profile is written as {', '.join(FORMS)}, not {form!r}{hint(form, FORMS)}")
    also = list(also)
    groups = _groups(seen, container, also)
    made = filter_of(seen, default, container, also)
    if form == "python":
        return _as_python(groups, made)
    if form == "systemd":
        return _as_systemd(groups, made)
    titles = {name: title for title, rules in groups.items() for name in rules}
    profile = seccomp.to_oci(made)
    profile["syscalls"] = [{"comment": titles[one["names"][0]], **one} for one in profile["syscalls"]]
    text: str = load("json").dumps(profile, indent=2)
    return text + "\n"


def _as_systemd(groups: dict[str, _Rules], made: Filter) -> str:
    """The lines of a unit: the last one, with all calls, becomes one for each group."""
    *lines, listed = seccomp.to_systemd(made).splitlines()
    setting = listed.partition("=")[0]
    for title, rules in groups.items():
        lines += [f"# {title}", f"{setting}={' '.join(rules)}"]
    return "\n".join(lines) + "\n"


def _as_python(groups: dict[str, _Rules], made: Filter) -> str:
    names = ", ".join(f'"{one.name}"' for one in made.abis)
    default = made.default
    if default.name not in ("ERRNO", "KILL_PROCESS", "KILL_THREAD", "LOG"):
        raise ValueError(f"not written as Python: {default}")
    is_error = default.name == "ERRNO"
    compares = any(values for rules in groups.values() for values in rules.values())
    imported = [
        *([] if is_error else [default.name]),
        "Filter",
        *(["arg"] if compares else []),
        *(["errno"] if is_error else []),
    ]
    data = f'"{default.data}"' if isinstance(default.data, str) else default.data
    said = f"errno({data})" if is_error else default.name
    lines = [f"from pysys.seccomp import {', '.join(imported)}", "", f"f = Filter({said}, abis=[{names}])"]
    for title, rules in groups.items():
        lines.append(f"# {title}")
        for calls, values in _together(rules):
            shown = ", ".join(f'"{name}"' for name in calls)
            tests = ", ".join(f"{_parameter(name)} == {value:#x}" for name, value in values)
            lines.append(f"f.allow({shown}{f', when=[{tests}]' if tests else ''})")
    return "\n".join(lines) + "\n"


def _parameter(name: str) -> str:
    return f'arg["{name}"]' if iskeyword(name) else f"arg.{name}"
