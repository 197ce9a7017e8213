"""The command `pysys`, run as a user runs it: as a program of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import isolated
import pytest
from cli_command import CLEAN, PYSYS, Done, answer, pysys, text

from pysys import abi, errors, metadata, numbers, structures
from pysys.cli import arguments as call_arguments
from pysys.cli import call as call_command
from pysys.cli import man
from pysys.cli.output import UsageError, _prompt
from pysys.metadata import render

HERE = abi.current().name
# What the command says of calls and numbers it says everywhere; the tour has tests of its own.
pytestmark = pytest.mark.portable
ESCAPE = "\x1b"


def refusal(status: int, *words: str) -> str:
    """What it says on standard error when it answers nothing."""
    done = pysys(*words)
    assert done.returncode == status
    assert not done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def on_terminal(*words: str, columns: int = 80, **env: str) -> str:
    """What it writes to a terminal so wide."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [*PYSYS, *words], stdin=terminal, stdout=terminal, stderr=terminal, env=CLEAN | env
    )
    os.close(terminal)
    written = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            break
        if not piece:
            break
        written += piece
    os.close(controller)
    assert process.wait(60) == 0, written.decode()
    return written.decode().replace("\r\n", "\n")


def without_escapes(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def hide(tmp_path: Path, module: str) -> dict[str, str]:
    """An environment in which the module is not installed."""
    (tmp_path / f"{module}.py").write_text(f"raise ImportError('no {module} here')\n")
    before = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": f"{tmp_path}:{before}" if before else str(tmp_path)}


# ---- what all commands have in common ----


@pytest.mark.parametrize(
    "words",
    [
        ("tour",),
        ("man", "fork"),
        ("man", "-k", "fork"),
        ("number", "getpid"),
        ("errno", "EAGAIN"),
        ("resolve", "fork"),
        ("table", "open"),
        ("call", "getpid"),
        ("abi",),
        ("probe",),
        ("probe", "openat"),
    ],
    ids=" ".join,
)
def test_every_command_has_both_forms(words: tuple[str, ...]) -> None:
    """Each command writes plain text without escape codes to a pipe, and JSON where it is asked for."""
    assert ESCAPE not in text(*words)
    assert answer(*words)


def test_json_before_the_command() -> None:
    """--json is understood on both sides of the command."""
    done = pysys("--json", "number", "getpid")
    assert json.loads(done.stdout) == answer("number", "getpid")


def test_version() -> None:
    """--version shows the package's."""
    from pysys import __version__

    assert text("--version") == f"pysys {__version__}\n"


def test_help_names_every_command() -> None:
    """--help lists the commands, and each has a help of its own."""
    shown = text("--help")
    for command in (
        "tour",
        "man",
        "number",
        "ioctl",
        "errno",
        "resolve",
        "table",
        "call",
        "abi",
        "probe",
        "completion",
        "list",
        "export",
        "trace",
        "why",
        "profile",
    ):
        assert re.search(rf"^ +{command}\s", shown, re.MULTILINE)
        assert f"usage: pysys {command}" in text(command, "--help")


@pytest.mark.parametrize(
    "words", [(), ("nosuch",), ("number",), ("number", "fork", "--nosuch"), ("man", "fork", "--nosuch")]
)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    """A command line that means nothing is answered on stderr, with status 2."""
    assert "pysys" in refusal(2, *words)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("mann",), 2, "there is no mann: did you mean man?"),
        (("man", "frok"), 1, "did you mean fork"),
        (("man", "fork", "--section", "nosuch"), 1, "no such section; there are NAME, CALL, "),
        (("resolve", "fork", "--entry", "libcc"), 2, "did you mean libc"),
        (("resolve", "fork", "--entry", "nix"), 2, "it is one of libc, kernel"),
        (("errno", "EPREM"), 1, "did you mean EPERM"),
        (("probe", "opeant"), 1, "did you mean openat"),
        (("probe", "--filters", "none"), 2, "--filters"),
        (("number",), 2, "NAME|NUMBER"),
        (("call", "reboot"), 1, "reboot"),
        (("profile",), 2, "pysys profile [OPTIONS] -- COMMAND"),
        (("profile", "ls"), 2, "a program stands behind --: pysys profile -- ls"),
        (("profile", "--also", "opeant", "--", "true"), 1, "did you mean openat"),
        (("profile", "--default", "EPREM", "--", "true"), 2, "did you mean EPERM"),
        (("profile", "check", "/nonexistent/profile"), 1, "/nonexistent/profile"),
        (("call", "getpid", "-1x", "--nosuch"), 2, "--nosuch"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_errors_as_json(words: tuple[str, ...], status: int, said: str) -> None:
    """What goes wrong is said on stderr, and with --json on stdout as well, as data."""
    assert said in refusal(status, *words)
    done = pysys("--json", *words)
    assert done.returncode == status
    assert said in json.loads(done.stdout)["error"]["message"]
    assert said in done.stderr


@pytest.mark.parametrize(
    "command",
    ["", *"man number errno resolve table call probe profile completion".split(), "profile check"],
)
def test_narrow_help(command: str) -> None:
    """The help fits 60 columns where it goes to a pipe."""
    shown = pysys(*command.split(), "--help", COLUMNS="60").stdout.splitlines()
    assert len(shown) > 5
    assert max(map(len, shown)) <= 60


@pytest.mark.parametrize(
    "words",
    ["abi", "errno EINVAL", "table open", "man open_how", "man struct statx", "resolve fork --abi all"],
)
def test_narrow(words: str) -> None:
    """Tables and texts fit the columns that COLUMNS says where they go to a pipe, with the same words."""
    shown = pysys(*words.split(), COLUMNS="60").stdout
    assert max(map(len, shown.splitlines())) <= 60
    missing = set(re.findall(r"\w+", text(*words.split()))) - set(re.findall(r"\w+", shown))
    assert missing <= {"ABI", "field"}  # the titles of the first columns


def test_nobody_reads() -> None:
    """A pipe whose reader has gone ends the command without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = pysys("abi", stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_no_space_for_the_output() -> None:
    """Output that cannot be written is an error, said in one line."""
    with open("/dev/full", "w") as full:
        done = pysys("abi", stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("pysys: ")
    assert done.stderr.count("\n") == 1


def test_ctrl_c() -> None:
    """SIGINT ends the command with status 130 and no traceback."""
    with subprocess.Popen(
        [*PYSYS, "call", "read", "0", "buf:1", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN,
    ) as process:
        # Once it waits in the kernel, in read(0, ...), the interpreter is past its own start.
        inside = [str(numbers.number("read")), "0x0"]
        isolated.until(lambda: Path(f"/proc/{process.pid}/syscall").read_text().split()[:2] == inside, 30)
        process.send_signal(signal.SIGINT)
        output, complaint = process.communicate(timeout=30)
    assert (process.returncode, output, complaint) == (130, b"", b"")


def test_ascii_locale() -> None:
    """A character that the locale lacks does not stop the output, and is shown as its number."""
    four = "\N{FULLWIDTH DIGIT FOUR}"  # which is a number as well
    done = pysys("call", "getrandom", f"buf:{four}", "4", "0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nbuf:\\uff14\n" in done.stdout


def test_starts_light() -> None:
    """The command line is understood without rich, the extension, or the reference."""
    code = (
        "import sys; from pysys.cli.parser import build; build().parse_args(['number', 'fork']);"
        "heavy = {'rich', 'argcomplete', 'pysys._ffi', 'pysys.metadata', 'json'};"
        "print(heavy & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_without_the_extension() -> None:
    """The reference answers where the extension is not built; what needs it says so in one line."""
    code = "import sys; sys.modules['pysys._ffi'] = None; from pysys.cli import main; sys.exit(main())"

    def run(*words: str) -> Done:
        return subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=CLEAN
        )

    for words in (
        "man fork",
        "number getpid",
        "number fork --abi x86_64",
        "resolve open --abi all",
        "table --abi all",
        "abi",
        "errno EAGAIN",
    ):
        done = run(*words.split())
        assert (done.returncode, done.stderr) == (0, ""), words
    for words in ("call getpid", "tour", "probe"):
        done = run(*words.split())
        assert (done.returncode, done.stdout) == (1, ""), words
        assert done.stderr.startswith("pysys: this needs the compiled extension")
        assert done.stderr.count("\n") == 1


# ---- the terminal ----


def test_colour_on_a_terminal() -> None:
    """With rich a terminal gets colour, within its width, or 100; NO_COLOR and TERM=dumb get none."""
    pytest.importorskip("rich")
    for columns, most in ((60, 60), (80, 80), (300, 100)):
        shown = on_terminal("errno", "EAGAIN", columns=columns)
        assert ESCAPE in shown
        assert most - 20 < max(map(len, without_escapes(shown).splitlines())) <= most
    plain = text("resolve", "fork", "--abi", "all")
    assert on_terminal("resolve", "fork", "--abi", "all", NO_COLOR="1") == plain
    assert on_terminal("resolve", "fork", "--abi", "all", TERM="dumb") == plain
    assert (
        without_escapes(on_terminal("resolve", "fork", "--abi", "all")) != plain
    )  # rich lays it out otherwise


@pytest.mark.parametrize("columns", [50, 80, 200])
def test_both_looks_say_the_same(columns: int, tmp_path: Path) -> None:
    """With and without rich a terminal shows the same words in the same order."""
    pytest.importorskip("rich")

    def words(shown: str) -> list[str]:
        return without_escapes(shown).replace("- ", " ").split()

    plain = on_terminal("man", "getpid", columns=columns, PAGER="cat", **hide(tmp_path, "rich"))
    assert ESCAPE not in plain
    assert words(on_terminal("man", "getpid", columns=columns, PAGER="cat")) == words(plain)


def test_pager(tmp_path: Path) -> None:
    """On a terminal a page goes through $PAGER; through a pipe it never does."""
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o755)
    assert on_terminal("man", "getpid", PAGER=str(pager)).startswith("PAGED\n")
    assert pysys("man", "getpid", PAGER=str(pager)).stdout.startswith("NAME\n")


def test_pager_says_where_one_is(tmp_path: Path) -> None:
    """less gets a prompt with the name, the lines and how far they are; who has set LESS is left alone."""
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\nprintf "%s\\n" "$LESS"\n')
    pager.chmod(0o755)
    shown = on_terminal("man", "getpid", "getppid", PAGER=str(pager))
    assert shown.startswith("FRXPspysys man getpid getppid  ?ltlines %lt-%lb")
    assert shown.endswith("q quits$\n")
    assert on_terminal("man", "-k", "vfork", PAGER=str(pager), LESS="R") == "R\n"
    assert _prompt("a.b%c").startswith(r"Pspysys man a\.b\%c  ")


def test_less_understands_the_prompt() -> None:
    """less itself shows the first lines of a long page and says which they are."""
    if shutil.which("less") is None:
        pytest.skip("less is not installed")
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    env = CLEAN | {"PAGER": "less", "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [*PYSYS, "man", "fork"], stdin=terminal, stdout=terminal, stderr=terminal, env=env
    )
    os.close(terminal)
    seen = b""
    while b"q quits" not in seen:
        seen += os.read(controller, 65536)
    os.write(controller, b"q")
    assert re.search(rb"pysys man fork  lines 1-23.*/ searches, /\^ERRORS finds a section, q quits", seen)
    while True:
        try:
            if not os.read(controller, 65536):
                break
        except OSError:  # EIO: nobody has the terminal open any more
            break
    os.close(controller)
    assert process.wait(60) == 0


@pytest.mark.parametrize("columns", [60, 80])
def test_man_obeys_the_terminal(columns: int) -> None:
    """A page keeps to the width, and NO_COLOR and TERM=dumb give the plain text of that width."""
    words = ("man", "fork", "--section", "description", "--section", "errors")
    parts = [one for one in render.sections(metadata.page("fork")) if one.title in ("DESCRIPTION", "ERRORS")]
    expected = "".join(render.lay_out((part,), columns) + "\n" for part in parts)
    for env in {"NO_COLOR": "1"}, {"TERM": "dumb"}:
        assert on_terminal(*words, columns=columns, PAGER="cat", **env) == expected
    shown = on_terminal(*words, columns=columns, PAGER="cat")
    assert max(map(len, without_escapes(shown).splitlines())) <= columns
    assert without_escapes(shown).split() == expected.split()


# ---- man ----


def test_man_is_the_page() -> None:
    """man shows what help() shows, and the page's own data as JSON."""
    shown = text("man", "fork").split("\n")
    assert [line for line in shown if line] == [line for line in render.plain("fork").split("\n") if line]
    assert answer("man", "fork") == metadata.page("fork").as_dict()
    assert text("man", "2", "fork") == text("man", "fork(2)") == text("man", "fork")


def test_man_misses() -> None:
    """A name without a page gets near misses."""
    assert "did you mean fork" in refusal(1, "man", "frok")
    assert "did you mean CLONE_NEWNS" in refusal(1, "man", "CLONE_NEWNSS")
    assert "did you mean open_how" in refusal(1, "man", "struct", "openhow")
    assert "mean __version__" not in refusal(1, "man", "__version__")  # which is not shown


def test_man_of_several_things() -> None:
    """Several names at once; an errno, a number; only some sections."""
    both = text("man", "fork", "vfork")
    assert text("man", "fork") in both and text("man", "vfork") in both
    assert [one["name"] for one in answer("man", "fork", "vfork")] == ["fork", "vfork"]
    number = str(numbers.number("epoll_ctl"))
    assert text("man", number) == text("man", "epoll_ctl")
    assert "one mount to another" in text("man", "EXDEV") and "openat2" in text("man", "EXDEV")
    errors = text("man", "epoll_ctl", "--section", "errors")
    assert errors.startswith("ERRORS") and "EEXIST" in errors and "EXAMPLE" not in errors
    assert "loongarch64" in text("man", "epoll_ctl", "--abi", "all", "--section", "arch")
    assert "path" in text("man", "7", "path_resolution")


def test_man_with_options_anywhere() -> None:
    """Names stand in front of options, behind them and between; each page says whose its sections are."""
    orders = [
        ("--section", "errors", "mount", "openat"),
        ("mount", "--section", "errors", "openat"),
        ("mount", "openat", "--section", "errors"),
    ]
    shown = {text("man", *words) for words in orders}
    assert len(shown) == 1
    titles = re.findall(r"^([A-Z]+)\n(?: +(\w+\(2\)))?", shown.pop(), re.MULTILINE)
    assert titles == [("NAME", "mount(2)"), ("ERRORS", ""), ("NAME", "openat(2)"), ("ERRORS", "")]
    assert [one["name"] for one in answer("man", "-k", "vfork")][:1] == ["vfork"]
    assert text("table", "open", "--abi", "all", "close") == text("table", "open", "close", "--abi", "all")
    assert "unrecognized arguments: --sectoin" in refusal(2, "man", "mount", "--sectoin", "openat")
    assert "required: NAME" in refusal(2, "man", "--section", "errors")


def test_man_of_another_case() -> None:
    """The same name in another case is what was meant; an errno is shown at once."""
    for asked, meant in ("clone_newuser", "CLONE_NEWUSER"), ("clone_vm", "CLONE_VM"), ("FORK", "fork"):
        assert f"did you mean {meant}?" in refusal(1, "man", asked)
    assert text("man", "eagain") == text("man", "EAGAIN")
    assert "did you mean EAGAIN" in refusal(1, "man", "eagian")


def test_man_of_section_3() -> None:
    """The C library's: what is close to a call has a page; of the rest man 3 has one."""
    assert text("man", "3", "sigqueue") == text("man", "sigqueue(3)") == text("man", "sigqueue")
    assert text("man", "3", "fork") == text("man", "fork")  # whose page has the function, too
    for asked in ("printf", "readdir"):  # the call readdir is not the function
        for words in ("3", asked), (f"{asked}(3)",):
            assert "section 3 is the C library's, of which pysys has what is close to a call" in refusal(
                1, "man", *words
            )
    assert "try man 3 readdir" in refusal(1, "man", "3", "readdir")
    both = [metadata.by_number(number)[0].name for number in (3, 7)]
    assert [one["name"] for one in answer("man", "3", "7")] == both  # two numbers


def test_list() -> None:
    """The names of what is asked for, and suggestions for what does not exist."""
    assert [one["name"] for one in answer("list", "--takes", "ResolveFlags")] == ["openat2"]
    assert {"name", "summary", "topics", "depth"} == answer("list", "--takes", "open_how")[0].keys()
    events = {one["name"] for one in answer("list", "--topic", "events", "--gives", "EEXIST")}
    assert "epoll_ctl" in events and "fork" not in events
    new = {
        one["name"] for one in answer("list", "--since", "6.8", "--abi", "aarch64", "--denied-by", "docker")
    }
    assert "lsm_set_self_attr" in new and "statx" not in new
    assert "openat2" in text("list", "--takes", "RESOLVE_BENEATH")
    assert text("list", "--takes", "RESOLVE_BENEATH").startswith("1 NAME\n")
    assert "did you mean events" in refusal(1, "list", "--topic", "evnts")
    assert "did you mean EXDEV" in refusal(1, "list", "--gives", "EXDVE")
    assert "such as 5.3" in refusal(1, "list", "--since", "six")
    assert "takes: no flag or structure is called 'ResolvFlags'" in refusal(
        1, "list", "--takes", "ResolvFlags"
    )


def test_man_of_a_flag_names_its_calls() -> None:
    """A flag, its class and a structure show the calls that take them."""
    for asked, call in ("CLONE_NEWUSER", "setns"), ("ResolveFlags", "openat2"), ("open_how", "openat2"):
        assert re.search(rf"^TAKEN BY\n    call .*^    {call} ", text("man", asked), re.MULTILINE | re.DOTALL)
        found = answer("man", asked)
        assert call in found["calls"] and found["calls"] == [one.name for one in metadata.find(takes=asked)]


def test_man_of_every_structure() -> None:
    """Each is shown with its fields and its calls: one that is declared in another, with the other's."""
    calls = {}
    for name in structures.__all__:
        if name not in ("Array", "Structure"):  # of pysys, not of the kernel
            data, _ = man._structure(name) or ({}, [])
            assert data["nbytes"] == getattr(structures, name).nbytes
            assert data["text"] and data["fields"], name
            calls[name] = data["calls"]
    assert calls["bpf_attr_batch"] == calls["bpf_attr"] == ["bpf"]


def test_export() -> None:
    """The complete reference comes as JSON, asked for or not."""
    exported = json.loads(text("export"))
    assert exported.keys() == metadata.export().keys()
    assert len(exported["pages"]) == len(metadata.pages)


def test_man_of_what_has_no_page() -> None:
    """Flags, their classes, structures, and names of pysys are shown with their own text."""
    found = answer("man", "MS_BIND")
    assert (found["value"], found["class"]) == (4096, "MountFlags")
    assert "appear at the target" in found["text"]
    assert "pysys.flags.MS_BIND = 0x1000" in text("man", "MS_BIND")
    members = {member["name"]: member["value"] for member in answer("man", "MountFlags")["members"]}
    assert (members["MS_RDONLY"], members["MS_BIND"]) == (1, 4096)
    assert answer("man", "AT_FDCWD")["value"] == -100
    found = answer("man", "open_how")
    assert [field["name"] for field in found["fields"]] == ["flags", "mode", "resolve"]
    assert found["nbytes"] == 24
    assert answer("man", "struct", "statx")["kind"] == "structure"
    assert answer("man", "statx")["section"] == 2  # without struct it is the call
    assert "no_new_privs: bool = False" in text("man", "spawn")
    assert {member["name"] for member in answer("man", "Child")["members"]} >= {"wait", "poll", "pidfd"}
    for name in ("Popen", "keyctl_read", "clone", "preload", "flags"):
        assert "DESCRIPTION" in text("man", name)


def test_man_search() -> None:
    """-k finds the pages that hold all words, names first, and fails where there is none."""
    found = answer("man", "-k", "vfork")
    assert found[0]["name"] == "vfork"
    assert {"name", "section", "kind", "summary"} == set(found[0])
    names = [one["name"] for one in answer("man", "-k", "user", "namespace")]
    assert names == [
        *(page.name for page in metadata.search("user namespace")),
        *(term.name for term in metadata.terms("user namespace")),
    ]
    assert "nosuchword" in refusal(1, "man", "-k", "nosuchword")


def test_man_search_of_flags() -> None:
    """-k finds flags, structures and errnos, before the pages where one has just this name."""
    shown = text("man", "-k", "resolve_beneath")
    assert shown.startswith("FLAGS, STRUCTURES, ERRNOS\n")
    assert re.search(r"^    RESOLVE_BENEATH +flag of ResolveFlags: Stay below", shown, re.MULTILINE)
    assert shown.index("RESOLVE_BENEATH") < shown.index("PAGES") < shown.index("\n    openat2 ")
    shown = text("man", "-k", "memory")
    assert shown.startswith("PAGES\n") and re.search(r"and \d+ more, with --json all of them", shown)
    kinds = {one["name"]: one["kind"] for one in answer("man", "-k", "open_how")}
    assert kinds["open_how"] == "structure" and kinds["openat2"] == "call"
    assert {"EAGAIN": "errno"}.items() <= {
        one["name"]: one["kind"] for one in answer("man", "-k", "eagain")
    }.items()


# ---- number ----


def test_number_both_ways() -> None:
    """A name gives its number and a number its name, bare, on this ABI or another one under any alias."""
    here = numbers.number("getpid")
    assert text("number", "getpid") == f"{here}\n"
    assert text("number", str(here)) == text("number", hex(here)) == "getpid\n"
    assert text("number", "fork", "--abi", "amd64") == "57\n"
    assert text("number", "172", "--abi", "arm64") == "getpid\n"
    assert answer("number", "fork", "--abi", "i386") == {
        "asked": "fork",
        "matches": [{"abi": "i386", "name": "fork", "number": 2, "entry": "sys_fork"}],
        "missing": [],
    }


def test_number_with_several_names() -> None:
    """All names of a number are shown, one to a line."""
    several = {
        name: number
        for name, number in numbers.table("alpha").items()
        if len(numbers.names(number, "alpha")) > 1
    }
    number = next(iter(several.values()))
    assert text("number", str(number), "--abi", "alpha").split() == list(numbers.names(number, "alpha"))


def test_number_everywhere() -> None:
    """--abi all shows every ABI, those that have the call and those that lack it."""
    found = answer("number", "fork", "--abi", "all")
    assert {one["abi"]: one["number"] for one in found["matches"]} == metadata.page("fork").numbers
    assert {one["abi"] for one in found["matches"]} | set(found["missing"]) == set(abi.ABIS)
    shown = text("number", "fork", "--abi", "all")
    assert "Missing on aarch64, " in shown
    assert re.search(r"5056  fork +mips_n64 +__sys_fork$", shown, re.MULTILINE)
    assert {one["abi"] for one in answer("number", "57", "--abi", "all")["matches"]} >= {"x86_64", "aarch64"}


def test_number_misses() -> None:
    """What is not there says so: near misses, where else it exists, what it becomes."""
    assert "did you mean fork" in refusal(1, "number", "forkk")
    absent = refusal(1, "number", "fork", "--abi", "aarch64")
    assert "aarch64 has no number for 'fork'" in absent
    assert "pysys resolve fork --abi aarch64" in absent
    assert "pysys resolve" not in refusal(1, "number", "iopl", "--abi", "aarch64")
    assert "no call has the number 99999 on x86_64" in refusal(1, "number", "99999", "--abi", "x86_64")
    assert "on any ABI" in refusal(1, "number", "99999", "--abi", "all")
    assert "did you mean" in refusal(1, "number", "fork", "--abi", "aarch46")
    assert f"tux is not a call: {metadata.page('tux').summary}\n" in refusal(1, "number", "tux")


# ---- ioctl ----


def test_ioctl_both_ways() -> None:
    """A request by its name, and those of a number, with what the argument is."""
    shown = text("ioctl", "TIOCGWINSZ", "--abi", "mips")
    assert re.search(r"^TIOCGWINSZ\n +number +0x40087468 on mips_o32\n +argument +winsize, written\n", shown)
    assert "header    <asm/ioctls.h>" in shown
    assert answer("ioctl", "0x5404", "--abi", "x86_64")[1] == {
        "name": "TCSETSF",
        "abi": "x86_64",
        "number": 0x5404,
        "header": "asm/ioctls.h",
        "direction": "in",
        "structure": "termios",
        "size": 36,
    }
    assert [one["name"] for one in answer("ioctl", "0x5404", "--abi", "x86_64")] == [
        "SNDCTL_TMR_CONTINUE",
        "TCSETSF",
    ]


def test_ioctl_everywhere() -> None:
    """--abi all shows every ABI that has the request, and names those that lack it."""
    shown = text("ioctl", "TIOCSTART", "--abi", "all")
    assert re.search(r"^ +0x746e +TIOCSTART +sh +-$", shown, re.MULTILINE)
    assert "Missing on x86_64, x32, i386" in shown
    found = {one["abi"]: one["number"] for one in answer("ioctl", "TIOCGPTN", "--abi", "all")}
    assert found.keys() == abi.ABIS.keys()
    assert (found["x86_64"], found["sparc"]) == (0x80045430, 0x40047486)


def test_ioctl_misses() -> None:
    """What is not there says so: near misses, and where else it exists."""
    for option in ((), ("--abi", "all")):
        assert "did you mean TIOCGWINSZ" in refusal(1, "ioctl", "TIOCGWINS", *option)
    assert "asm/openpromio.h has it on sparc64" in refusal(1, "ioctl", "OPIOCGET", "--abi", "x86_64")
    assert "no request has the number 0x99999 on x86_64" in refusal(1, "ioctl", "0x99999", "--abi", "x86_64")
    assert "on any ABI" in refusal(1, "ioctl", "0x99999", "--abi", "all")


def test_man_of_a_request() -> None:
    """`man` shows requests, too."""
    shown = text("man", "TIOCGPTN")
    assert "pysys.ioctls.TIOCGPTN = 0x" in shown and "unsigned int, written" in shown
    assert answer("man", "TIOCGPTN")["kind"] == "request of ioctl"


# ---- errno ----


def test_errno() -> None:
    """An errno is found by its name in any case and by its number of any sign."""
    found = answer("errno", "EAGAIN")
    number = errors.EAGAIN.number
    assert (found["name"], found["number"]) == ("EAGAIN", number)
    assert found["numbers"]["generic"] == 11
    assert found["numbers"]["alpha"] == 35
    assert found["calls"] == [page.name for page in metadata.by_errno("EAGAIN")]
    assert found["meaning"] in str(errors.EAGAIN.__doc__).replace("\n    ", "\n")
    assert answer("errno", "eagain") == answer("errno", str(number)) == answer("errno", f"-{number}") == found
    assert "fork" in text("errno", "EAGAIN")


def test_errno_of_a_call() -> None:
    """--call shows every cause of the errno from that call, with the place to look at."""
    causes = metadata.causes("fork", "EAGAIN")
    found = answer("errno", "EAGAIN", "--call", "fork")
    assert found["causes"] == [
        {"when": cause.when, "look": cause.look, "provoke": cause.provoke} for cause in causes
    ]
    shown = " ".join(text("errno", "EAGAIN", "--call", "fork").split())
    for cause in causes:
        assert " ".join(cause.when.replace("`", "").split()) in shown
        assert " ".join(cause.look.replace("`", "").split()) in shown


def test_errno_misses() -> None:
    """Unknown errnos and calls get near misses; an errno that a call does not give, those it gives."""
    assert "fork is a call, not an errno" in refusal(1, "errno", "fork")
    assert "did you mean EAGAIN" in refusal(1, "errno", "EAGIAN")
    assert "9999" in refusal(1, "errno", "9999")
    assert "did you mean fork" in refusal(1, "errno", "EAGAIN", "--call", "frok")
    assert "EAGAIN" in refusal(1, "errno", "EXDEV", "--call", "fork")


# ---- resolve ----


def test_resolve() -> None:
    """resolve shows call, number, arguments and the reason; --abi all every ABI."""
    (one,) = answer("resolve", "fork", "--abi", "arm64")["resolutions"]
    assert (one["abi"], one["call"], one["number"]) == ("aarch64", "clone", 220)
    assert one["arguments"]["flags"] == "SIGCHLD"
    shown = text("resolve", "fork", "--abi", "arm64")
    assert "220" in shown
    assert "flags=SIGCHLD" in shown
    everywhere = answer("resolve", "fork", "--abi", "all")
    assert {one["abi"] for one in everywhere["resolutions"]} | set(everywhere["missing"]) == set(abi.ABIS)
    (libc,) = answer("resolve", "fork", "--abi", "x86_64", "--entry", "libc")["resolutions"]
    assert libc["call"] == "clone"
    assert answer("resolve", "spawn")["resolutions"]


def test_resolve_misses() -> None:
    """What nobody has gets near misses, and what only others have says where it exists."""
    assert "did you mean fork" in refusal(1, "resolve", "forkk")
    assert "it exists on" in refusal(1, "resolve", "iopl", "--abi", "aarch64")


# ---- table ----


def test_table() -> None:
    """table has a row for each call of this ABI, and before it the sums of every ABI."""
    shown = text("table")
    for name in abi.ABIS:
        assert re.search(rf"^ +{name} +\d+ +\d+ +\d+ +\d+$", shown, re.MULTILINE), name
    assert f"CALLS OF {HERE}\n" in shown
    for name in ("getpid", "open", "fork", "iopl"):
        assert re.search(rf"^    {name} +(direct|replaced|refused|absent) ", shown, re.MULTILINE), name
    assert max(map(len, shown.splitlines())) <= 80


def test_table_of_some() -> None:
    """Names may be patterns, and ABIs are chosen; each row shows number, replacement or reason."""
    found = answer("table", "open", "rt_sigreturn", "io?l", "--abi", "arm64", "--abi", "x86_64")
    assert list(found["abis"]) == ["aarch64", "x86_64"]
    assert list(found["calls"]) == ["iopl", "open", "rt_sigreturn"]
    assert found["calls"]["open"] == {
        "aarch64": {"made": "replaced", "detail": "openat(AT_FDCWD, filename, flags, mode)"},
        "x86_64": {"made": "direct", "detail": "2"},
    }
    assert found["calls"]["iopl"]["aarch64"]["made"] == "absent"
    assert "registers" in found["calls"]["rt_sigreturn"]["aarch64"]["detail"]
    assert found["abis"]["x86_64"] == {"direct": 2, "replaced": 0, "refused": 1, "absent": 0}


def test_table_everywhere() -> None:
    """With all ABIs there is a row for each way in which a call is made, and all ABIs are in them."""
    shown = " ".join(text("table", "open", "--abi", "all").split())
    assert "open direct x86_64, x32" in shown
    assert "open replaced openat(AT_FDCWD, filename, flags, mode): aarch64, riscv64" in shown
    assert "read direct every ABI shown" in " ".join(text("table", "read", "--abi", "all").split())
    every = answer("table", "--abi", "all")
    names = numbers.calls()
    assert every["calls"].keys() == names
    assert every["abis"].keys() == abi.ABIS.keys()
    assert all(sum(one.values()) == len(names) for one in every["abis"].values())
    assert every["calls"]["read"].keys() == abi.ABIS.keys()


def test_table_misses() -> None:
    """A name that no ABI has and an unknown ABI are answered with what was meant."""
    assert "did you mean" in refusal(1, "table", "opent")
    assert "did you mean" in refusal(1, "table", "--abi", "x86_63")


# ---- abi ----


def test_abi() -> None:
    """abi knows all ABIs and which one is ours; one by any alias."""
    found = answer("abi")
    assert found["current"] == HERE
    assert [one["name"] for one in found["abis"]] == list(abi.ABIS)
    assert all({*abi.ABI.__slots__, "aliases", "calls"} == set(one) for one in found["abis"])
    shown = text("abi")
    assert shown.startswith(f"{HERE} (this process)")
    assert all(re.search(rf"^    {name} ", shown, re.MULTILINE) for name in abi.ABIS)
    (one,) = answer("abi", "arm64")["abis"]
    assert one["name"] == "aarch64"
    assert not one["has_fork"]
    assert "did you mean" in refusal(1, "abi", "aarch46")


# ---- probe ----


def test_probe() -> None:
    """probe shows each topic, and every call is counted; of calls that are named only who answers them."""
    found = answer("probe")
    shown = text("probe")
    assert found["calls"].keys() == numbers.table().keys()
    assert f"{len(numbers.table())} calls: " in shown
    for topic in found["facts"]:
        assert re.search(rf"^{topic.upper()}$", shown, re.MULTILINE)
    assert answer("probe", "openat", "unshare")["calls"].keys() == {"openat", "unshare"}
    assert re.search(r"^    openat +open ", text("probe", "openat"), re.MULTILINE)


def test_probe_shows_filters() -> None:
    """--filters disassembles those of another process, or says why it cannot."""
    code = f"""
import sys
sys.path[:0] = {[*sys.path]!r}
import isolated
isolated.filter_calls([{numbers.number("unshare")}], 1)
print("loaded", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loaded\n"
        done = pysys("probe", "--filters", str(process.pid))
        as_json = pysys("probe", "--filters", str(process.pid), "--json")
        process.communicate("")
    if done.returncode:
        assert f"the filters of {process.pid} are unknown: " in done.stderr
        return
    assert "return ERRNO(EPERM)" in done.stdout
    *_, last = json.loads(as_json.stdout)["filters"]
    assert last["text"][-1].endswith("return ERRNO(EPERM)")
    assert all(len(one) == 4 for one in last["program"])


# ---- call ----


def test_call() -> None:
    """call prints the bare result, by name and by number."""
    number = str(numbers.number("getppid"))
    assert text("call", "getppid") == text("call", number) == f"{os.getpid()}\n"
    found = answer("call", "getppid")
    assert found == {"call": "getppid", "arguments": [], "result": os.getpid(), "error": None, "buffers": []}


def test_call_with_buffers(tmp_path: Path) -> None:
    """What a call writes into a buffer is shown as bytes and characters."""
    with open(tmp_path / "file", "w+b") as file:
        file.write(b"Hello\0\n" + bytes(64))
        file.seek(0)
        done = pysys("call", "read", "0", "buf:40", "7", stdin=file)
        assert done.stdout.splitlines() == [
            "7",
            "",
            "buf:40",
            "00000000  48 65 6c 6c 6f 00 0a 00  00 00 00 00 00 00 00 00  |Hello...........|",
            "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
            "00000020  00 00 00 00 00 00 00 00                           |........|",
            "00000028",
        ]
        file.seek(0)
        data = json.loads(pysys("call", "read", "0", "buf:8", "8", "--json", stdin=file).stdout)
    assert data["result"] == 8
    assert data["buffers"] == [{"argument": "buf:8", "hex": "48656c6c6f000a00", "text": "Hello..."}]


def test_call_writes_more_than_the_buffer_holds() -> None:
    """A buffer that was too small is refused or reported, and nothing breaks, however much is written."""
    for words in (
        "getrandom buf:4 64 0",
        "getrandom buf:1 5000 0",
        "getrandom buf:1 3000000 0",
        "getrandom buf:0 1 0",
        "prctl 16 buf:1 0 0 0",  # PR_GET_NAME writes 16 bytes, which no argument says
        "sysinfo buf:8",
    ):
        done = pysys("call", *words.split())
        assert done.returncode in (1, 2), (words, done)
        named = re.search(r"buf:|(u?buf|arg2|info) is", done.stderr)
        assert named and "byte" in done.stderr, (words, done)
        assert "Traceback" not in done.stderr


@pytest.mark.isolated
def test_call_cannot_leave_its_buffer() -> None:
    """A byte behind it is seen, and behind that the kernel itself cannot write."""
    from pysys import syscall
    from pysys._native import ffi
    from pysys.cli.arguments import GUARD, Buffer

    for size in (0, 1, 4095, 4096, 70_000):
        buffer = Buffer(size)
        assert len(buffer.view) == size and not any(buffer.view) and not buffer.overrun()
        address = int(ffi.cast("uintptr_t", ffi.from_buffer(buffer.view)))
        syscall("getrandom", address, size, 0)
        assert not buffer.overrun()
        reader, writer = os.pipe()
        os.write(writer, b"x")
        syscall("read", reader, address + size, 1)
        assert buffer.overrun()
        os.write(writer, b"yz")
        for behind in (1 << 16, GUARD // 2):
            with pytest.raises(errors.EFAULT):
                syscall("read", reader, address + size + behind, 1)
        os.close(reader)
        os.close(writer)


def test_call_with_constants_and_paths(tmp_path: Path) -> None:
    """Constants joined by | and paths mean what they mean in C."""
    path = str(tmp_path / "made")
    text("call", "openat", "AT_FDCWD", path, "O_CREAT|O_WRONLY|0x0", "0o600")
    assert os.stat(path).st_mode & 0o777 == 0o600
    mmap = "mmap" if sys.maxsize > 2**32 else "mmap2"  # the plain one takes a structure there
    assert int(text("call", mmap, "null", "4096", "PROT_READ", "MAP_PRIVATE|MAP_ANONYMOUS", "-1", "0"), 16)


def test_call_that_fails() -> None:
    """A failed call ends with 1, the explanation on stderr, and as data with --json."""
    expected = errors.ESRCH(syscall="kill")
    done = pysys("call", "kill", str(1 << 30), "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"pysys: {expected}\n")
    shown = "".join(done.stderr.split())
    for line in expected.explain().splitlines()[2:]:
        assert "".join(line.removeprefix("ESRCH: ").split()) in shown
    as_json = pysys("call", "kill", str(1 << 30), "0", "--json")
    assert as_json.returncode == 1
    data = json.loads(as_json.stdout)["error"]
    assert data["name"] == "ESRCH"
    assert data["explained"] == expected.explain()
    assert data["causes"]


def test_call_that_is_not_made() -> None:
    """Unknown and refused calls end with 1 and the reason, wrong arguments with 2."""
    assert "did you mean getppid" in refusal(1, "call", "getpppid")
    assert "pysys.fork" in refusal(1, "call", "fork")
    assert "O_CLOEXEC" in refusal(2, "call", "open", "/", "O_CLOEXEK")
    near = re.search(r"did you mean (.*)\?", refusal(2, "call", "open", "/", "O_RDNLY"))
    assert near is not None and sorted(set(near[1].split(", "))) == sorted(near[1].split(", "))
    assert "0o644" in refusal(2, "call", "chmod", "/nonexistent", "0644")
    assert "getppid" in refusal(2, "call", "getppid", *"1234567")
    assert "buf:x" in refusal(2, "call", "read", "0", "buf:x", "1")
    assert refusal(2, "call").endswith("required: NAME|NUMBER\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("42", 42),
        ("-100", -100),
        ("0x1f", 31),
        ("0o17", 15),
        ("0", 0),
        ("null", None),
        ("/etc/passwd", "/etc/passwd"),
        ("str:42", "42"),
        ("str:buf:1", "buf:1"),
        ("README", "README"),
        ("a|b", "a|b"),
        ("", ""),
        ("AT_FDCWD", -100),
        ("SIGTERM", int(signal.SIGTERM)),
        ("O_RDWR|O_APPEND", os.O_RDWR | os.O_APPEND),
        ("O_RDWR|0x1000000", os.O_RDWR | 0x1000000),
        ("CLONE_NEWUSER", 0x10000000),
    ],
)
def test_arguments(typed: str, meant: object) -> None:
    """Each way to type an argument of `call` means one thing."""
    found = call_arguments.argument(typed)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    "typed", ["007", "-010", "O_NOSUCH", "SIGTERM|O_NOSUCH", "buf:", "buf:-1", "buf:0x10000000000"]
)
def test_wrong_arguments(typed: str) -> None:
    """What could be a slip is not a path."""
    with pytest.raises(UsageError, match=re.escape(typed.rpartition("|")[2])):
        call_arguments.argument(typed)


def test_a_slip_is_answered_with_each_constant_once() -> None:
    """Constants that pysys.flags and the standard library both know are one suggestion."""
    with pytest.raises(UsageError, match="no constant O_RDNLY: did you mean O_RDONLY, O_WRONLY or ST_RDONLY"):
        call_arguments.argument("O_RDNLY")


def test_hexdump_leaves_out_repetitions() -> None:
    """Lines that repeat are shown once."""
    assert call_command.hexdump(bytes(64) + b"\xff").splitlines() == [
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
        "*",
        "00000040  ff                                                |.|",
        "00000041",
    ]
    assert call_command.hexdump(b"") == "00000000"


# ---- completion ----


def completed(line: str, tmp_path: Path) -> list[str]:
    """What a shell is told when Tab is typed at the end of the line: argcomplete's protocol."""
    told = tmp_path / "told"
    env = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(told),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "IFS": "\013",
    }
    done = pysys(**env)
    assert done.returncode == 0, done.stderr
    return [word.strip() for word in told.read_text().split("\013") if word]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pysys reso", "resolve"),
        ("pysys number for", "fork"),
        ("pysys number fork --abi aarch", "aarch64"),
        ("pysys resolve spa", "spawn"),
        ("pysys table openat", "openat2"),
        ("pysys table --abi aarch", "aarch64"),
        ("pysys errno EAG", "EAGAIN"),
        ("pysys errno EAGAIN --call vfo", "vfork"),
        ("pysys man clon", "clone3"),
        ("pysys call getpp", "getppid"),
        ("pysys call openat AT_FD", "AT_FDCWD"),
        ("pysys call openat AT_FDCWD /tmp O_RDO", "O_RDONLY"),
        ("pysys call openat AT_FDCWD /tmp 'O_RDONLY|O_CLO", "O_RDONLY|O_CLOEXEC"),
        ("pysys call openat AT_FDCWD /et", "/etc/"),
        ("pysys call kill 1 SIGTER", "SIGTERM"),
        ("pysys man MS_BI", "MS_BIND"),
        ("pysys man open_h", "open_how"),
        ("pysys man spa", "spawn"),
        ("pysys abi ris", "riscv64"),
        ("pysys probe unsh", "unshare"),
        ("pysys abi arm6", "arm64"),
        ("pysys profile ch", "check"),
        ("pysys profile --also @cl", "@clock"),
        ("pysys profile check --ag", "--against"),
        ("pysys completion z", "zsh"),
    ],
)
def test_completion(line: str, expected: str, tmp_path: Path) -> None:
    """The shell completes commands, calls, errnos and ABIs."""
    pytest.importorskip("argcomplete")
    found = completed(line, tmp_path)
    assert expected in found
    prefix = line.rpartition(" ")[2].lstrip("'")
    assert all(word.startswith(prefix) for word in found)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_code(shell: str) -> None:
    """completion prints code that registers the command, and --json wraps it."""
    pytest.importorskip("argcomplete")
    code = text("completion", shell)
    assert "pysys" in code
    assert answer("completion", shell)["code"] == code.removesuffix("\n")
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=code, text=True, check=True, timeout=60)


def test_completion_without_argcomplete(tmp_path: Path) -> None:
    """Where argcomplete is missing, the message says how to get it; Tab says nothing."""
    hidden = hide(tmp_path, "argcomplete")
    done = pysys("completion", "bash", **hidden)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pysys-linux[cli]" in done.stderr
    done = pysys(**hidden, _ARGCOMPLETE="1")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
