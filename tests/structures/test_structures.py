"""pysys.structures: layouts, fields, arrays, and the readers of what the kernel writes."""

from __future__ import annotations

import array
import copy
import ctypes
import gc
import os
import pickle
import pydoc
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import known_layouts
import layouts
import leftovers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pysys import abi, numbers, structures, syscall
from pysys.calls import _ptrace, direct
from pysys.parameters import commands, parameters
from pysys.structures import addresses, control, readers
from pysys.structures.build import describe, parent
from pysys.structures.documentation import TEXTS
from pysys.structures.field_notes import ADDRESSES, ALIASES, BITS, NETWORK, bits
from pysys.structures.unions import AS_BYTES, UNIONS, _shares
from pysys.tables import KERNEL_VERSION

HERE = abi.current().name
NAMES = sorted(structures.names())
LITTLE = sys.byteorder == "little"
CASTS = {"x86_64": ("-m64",), "i386": ("-m32", "-idirafter", "/usr/include/x86_64-linux-gnu")}


# ---- layouts ----


def test_every_architecture_is_known_by_heart() -> None:
    """The tables have every architecture that the tests run on somewhere."""
    for table in (known_layouts.SIZES, known_layouts.OFFSETS, known_layouts.CONSTANTS):
        assert table.keys() == {"", *known_layouts.ABIS}


@pytest.mark.parametrize("name", ["", HERE], ids=["everywhere", "here"])
def test_sizes_known_by_heart(name: str) -> None:
    """The sizes, and some offsets, are the ones that the headers of this architecture are known to have."""
    if name not in known_layouts.SIZES:
        pytest.skip(f"nobody knows {name} by heart")
    for structure, size in known_layouts.SIZES[name].items():
        assert getattr(structures, structure).nbytes == size, structure
    for (structure, field), offset in known_layouts.OFFSETS[name].items():
        known = {one.name: one.offset for one in structures.describe(structure)}
        assert known[field] == offset, (structure, field)


def _compilers() -> list[tuple[str, list[str]]]:
    gcc = shutil.which("gcc")
    return [(name, [gcc, *cast]) for name, cast in CASTS.items()] if gcc and HERE in CASTS else []


@pytest.mark.portable
@pytest.mark.parametrize("name", CASTS)
def test_layouts_of_the_headers_of_this_machine(name: str) -> None:
    """Each field that the installed kernel headers have is where they say; what they lack may be newer."""
    compiler = dict(_compilers()).get(name)
    if compiler is None:
        pytest.skip("needs gcc for x86")
    try:
        compared, differ, _ = layouts.compare(compiler, None, same_size=False)
    except RuntimeError as error:
        pytest.skip(f"the C library's headers are not for {name}: {str(error).splitlines()[-2]}")
    assert not differ
    assert compared > 700


@pytest.mark.slow
@pytest.mark.parametrize("name", CASTS)
def test_layouts_of_a_kernel_tree(name: str, tmp_path: Path) -> None:
    """Each structure has the size and the fields that the kernel tree's exported headers give it."""
    tree, compiler = os.environ.get("PYSYS_KERNEL_TREE"), dict(_compilers()).get(name)
    if not tree or compiler is None or not shutil.which("make") or not shutil.which("rsync"):
        pytest.skip("needs PYSYS_KERNEL_TREE, gcc for x86, make and rsync")
    command = ["make", "-s", "headers_install", "ARCH=x86", f"O={tmp_path}/o", f"INSTALL_HDR_PATH={tmp_path}"]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    compared, differ, missing = layouts.compare(compiler, tmp_path / "include")
    assert (differ, missing) == ([], [])
    assert compared > 1000


def _cross(target: str) -> list[str]:
    compiler = layouts.cross(target)
    if compiler is None:
        pytest.skip("needs the package ziglang")
    return compiler


def _same_kernel(compiler: list[str]) -> bool:
    """Whether these headers are of the kernel whose structures we have: others lack some, or their ends."""
    return layouts.version(compiler) == tuple(map(int, KERNEL_VERSION.split(".")[:2]))


@pytest.mark.portable
@pytest.mark.parametrize("target", layouts.TARGETS)
def test_layouts_of_the_headers_of_every_architecture(target: str) -> None:
    """Each structure has the size and the fields that the kernel's headers for that architecture give it."""
    compiler = _cross(target)
    same = _same_kernel(compiler)
    compared, differ, missing = layouts.compare(compiler, None, same_size=same)
    assert differ == []
    assert missing == [] or not same
    assert compared > (1200 if same else 1000)


@pytest.mark.portable
@pytest.mark.parametrize("target", layouts.TARGETS)
def test_registers_of_every_architecture(target: str) -> None:
    """What ptrace calls a set of registers there is a structure of that architecture."""
    there = abi.get(layouts.TARGETS[target])
    declared = layouts.structures(layouts.preprocessed(_cross(target)))
    sets = _ptrace._SETS.get((there.architecture, there.register_bits), {})
    assert {name for name, _ in sets.values()} <= declared.keys()
    for line in commands.commands("ptrace", there).splitlines():
        for name in re.findall(r"data=(?:in|out):((?:user|pt)_\w+)", line):
            assert name in declared, line


@pytest.mark.portable
@pytest.mark.parametrize("target", layouts.TARGETS)
def test_sizes_of_the_headers_of_every_architecture(target: str) -> None:
    """The sizes and offsets known by heart are the headers', and those of our layouts compiled for it."""
    compiler, name = _cross(target), layouts.TARGETS[target]
    sizes, offsets = known_layouts.SIZES.get(name, {}), known_layouts.OFFSETS.get(name, {})
    if _same_kernel(compiler):  # what all have in common is young
        sizes, offsets = known_layouts.SIZES[""] | sizes, known_layouts.OFFSETS[""] | offsets
    compared, differ, missing = layouts.compare_sizes(compiler, sizes, offsets)
    assert (differ, missing) == ([], [])
    assert compared >= 1.5 * (len(sizes) + len(offsets))
    wrong = layouts.compare_sizes(compiler, {"open_how": 32}, {("pollfd", "revents"): 0})
    assert len(wrong[1]) == 4  # of ours and of theirs


@pytest.mark.portable
def test_the_comparison_of_layouts_of_an_architecture_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field beside its place is noticed, and one that is not there."""
    compiler = _cross("s390x-linux-gnu")
    monkeypatch.setitem(layouts.FIELDS, ("pollfd", "events"), "revents")
    monkeypatch.setitem(layouts.FIELDS, ("pollfd", "revents"), "nothing")
    _, differ, missing = layouts.compare(compiler, None, same_size=False)
    assert len(differ) == 1
    assert "pollfd.events" in differ[0]
    assert "'nothing'" in "".join(missing)


@pytest.mark.portable
def test_the_comparison_of_layouts_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field beside its place is noticed."""
    here = "x86_64" if abi.current().name == "x86_64" else "i386"
    compiler = dict(_compilers()).get(here)
    if compiler is None:
        pytest.skip("needs gcc for x86")
    monkeypatch.setitem(layouts.FIELDS, ("pollfd", "events"), "revents")
    _, differ, _ = layouts.compare(compiler, None, same_size=False)
    assert len(differ) == 1
    assert "pollfd.events" in differ[0]


@pytest.mark.portable
def test_bits_are_where_the_compiler_puts_bitfields(tmp_path: Path) -> None:
    """Words of bits are taken apart as the compiler lays out the kernel's bitfields."""
    if not shutil.which("cc"):
        pytest.skip("needs a C compiler")
    code = ["#include <stdio.h>", "#include <string.h>", "int main(void) {"]
    for name, words in BITS.items():
        if name not in structures.names():
            continue
        for word, text in words.items():
            first = text.split()[0].partition(":")[0]
            size = next(one.nbytes for one in structures.describe(name) if one.name == first)
            kind = {1: "unsigned char", 4: "unsigned int", 8: "unsigned long long"}[size]
            widths = (one if ":" in one else f"{one}:1" for one in text.split())
            fields = " ".join(f"{kind} {one};" for one in widths)
            for field in text.split():
                field = field.partition(":")[0]
                code.append(
                    f"{{ struct {{ {fields} }} s; unsigned char b[{size}]; memset(&s, 0, sizeof s);"
                    f" s.{field} = 1;"
                    f' memcpy(b, &s, {size}); printf("{name} {field} ");'
                    f' for (int i = 0; i < {size}; i++) printf("%02x", b[i]); printf("\\n"); }}  /* {word} */'
                )
    code.append("return 0; }")
    (tmp_path / "bits.c").write_text("\n".join(code))
    subprocess.run(["cc", "-w", "-o", tmp_path / "bits", tmp_path / "bits.c"], check=True)
    told = subprocess.run([tmp_path / "bits"], check=True, capture_output=True, text=True).stdout
    assert told
    for line in told.splitlines():
        name, field, expected = line.split()
        made = getattr(structures, name)(**{field: 1})
        offset = {one.name: one.offset for one in structures.describe(name)}[field]
        data = bytes(made)
        assert data[offset : offset + len(expected) // 2].hex() == expected, (name, field)
        assert sum(data) == sum(bytes.fromhex(expected))


def test_bits_known_by_heart() -> None:
    """The bits are the kernel's, in its order: places of some, and how many there are."""
    places = bits("perf_event_attr", {"_bits": 64, "_aux_bits": 32}, big_endian=False)
    known = {"disabled": 0, "exclude_kernel": 5, "precise_ip": 15, "mmap_data": 17, "sample_id_all": 18}
    known |= {"use_clockid": 25, "cgroup": 32, "sigtrap": 37, "defer_output": 39, "aux_resume": 2}
    assert {name: places[name][1] for name in known} == known
    assert sum(width for word, _, width in places.values() if word == "_bits") == 64 - 24
    assert bits("bpf_insn", {"_registers": 8}, big_endian=False)["src_reg"] == ("_registers", 4, 4)
    assert bits("bpf_insn", {"_registers": 8}, big_endian=True)["src_reg"] == ("_registers", 0, 4)
    assert bits("user_desc", {"_flags": 32}, big_endian=False)["useable"] == ("_flags", 6, 1)
    assert {one.name: one.offset for one in structures.describe("perf_event_attr")}["disabled"] == 40


# ---- every structure ----


@pytest.mark.parametrize("name", NAMES)
def test_every_structure_can_be_made(name: str) -> None:
    """Made, it is zero, equal to its copy, as long as it says, and its fields take what they read as."""
    kind = getattr(structures, name)
    made = kind()
    assert not made
    assert bytes(made) == bytes(kind.nbytes)
    assert len(bytes(kind.array(3))) == 3 * kind.nbytes
    assert kind.from_bytes(bytes(made)) == made == structures.Structure.copy(made)
    for field in structures.describe(name):
        value = getattr(made, field.name)
        setattr(made, field.name, value)
        assert field.offset + field.nbytes <= kind.nbytes
        assert getattr(made, field.name) == value
        if field.reads == "int":
            assert value == 0
    assert not made
    assert eval(repr(made), {name: kind}) == made  # a zeroed one is shown without fields


@pytest.mark.parametrize("name", NAMES)
def test_every_number_keeps_its_value_and_refuses_others(name: str) -> None:
    """An int field writes its own bytes alone, and refuses by name what does not fit."""
    for field in structures.describe(name):
        if field.reads != "int":
            continue
        made = getattr(structures, name)()
        width = int(field.ctype.partition(":")[2] or 8 * field.nbytes)
        setattr(made, field.name, 1)
        assert getattr(made, field.name) == 1
        outside = bytearray(bytes(made))
        outside[field.offset : field.offset + field.nbytes] = bytes(field.nbytes)
        assert not any(outside)
        with pytest.raises(OverflowError, match=rf"{name}\.{field.name}"):
            setattr(made, field.name, 1 << width)
        with pytest.raises(TypeError, match=rf"{name}\.{field.name}"):
            setattr(made, field.name, 1.5)


# Calls that reach the structure by a pointer in an array, or under one command.
INDIRECTLY = {("iocb", "io_submit"), ("user_desc", "modify_ldt")}


def test_the_calls_that_a_text_names_take_the_structure() -> None:
    """Names that cannot be words, as futex_waitv: the text says nothing of a call that does not take it."""
    takers: dict[str, set[str]] = {}
    for call in numbers.calls():
        for one in parameters(call) or ():
            takers.setdefault(one.points, set()).add(call)
    for name, text in TEXTS.items():
        about = re.split(r"\n\s+\w[\w, ]*: ", text)[0]
        named = {word for word in re.findall(r"\b[a-z]\w*_\w+\b", about) if word in numbers.calls()}
        if name in takers:
            assert {call for call in named - takers[name] if (name, call) not in INDIRECTLY} == set(), name
    assert takers["futex_waitv"] <= set(re.findall(r"\w+", TEXTS["futex_waitv"]))


def test_tables_name_fields_that_exist() -> None:
    """The tables of addresses, of big-endian numbers and of texts name what the headers have."""
    told = {}
    for header in (layouts.CDEFS / "structures").glob("*.h"):
        for name, (_, fields) in layouts.structures(header.read_text()).items():
            told[name] = {field for field, _ in fields}
    assert structures.names() <= told.keys()
    for table in (ADDRESSES, NETWORK):
        for name, text in table.items():
            assert set(text.split()) <= told[name], name
    assert TEXTS.keys() <= told.keys()
    assert set(ALIASES.values()) <= told.keys()
    for name in structures.names():
        kind = getattr(structures, name)
        known = {field.name for field in structures.describe(name)}
        for line in TEXTS.get(name, "").splitlines()[1:]:
            field = line.strip().partition(": ")[0]
            # An ABI may lack one: riscv has no sa_restorer.
            assert not field.isidentifier() or field in known | told[name], (name, field)
        assert kind.__doc__.count("\n    ") == len(known)
    assert not {name for name in structures.names() if name not in TEXTS and "_" not in name}


def test_names() -> None:
    """dir() lists what there is; another name is an AttributeError that helps."""
    assert set(NAMES) <= set(dir(structures))
    assert structures.dirent64 is structures.linux_dirent64
    assert structures.timespec is structures.timespec
    with pytest.raises(AttributeError, match="did you mean timespec"):
        structures.timespek  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose
    elsewhere = sorted(TEXTS.keys() - structures.names())[0]
    with pytest.raises(AttributeError, match=f"{HERE} has no structure {elsewhere}"):
        getattr(structures, elsewhere)
    assert parent("timespec") == ("pysys.structures.times", "Nanoseconds")


# ---- fields ----


def test_fields_by_name() -> None:
    """Fields are set by name; another name is a TypeError that says what there is."""
    made = structures.timespec(tv_sec=1, tv_nsec=2)
    assert (made.tv_sec, made.tv_nsec) == (1, 2)
    assert repr(made) == "timespec(tv_sec=1, tv_nsec=2)"
    with pytest.raises(TypeError, match="no field 'tv_secs': did you mean tv_sec"):
        structures.timespec(tv_secs=1)  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(AttributeError):
        made.tv_usec = 1  # type: ignore[attr-defined]  # wrong on purpose
    assert made != structures.timeval(tv_sec=1, tv_usec=2)
    with pytest.raises(TypeError):
        hash(made)
    with pytest.raises(TypeError, match="timespec is memory"):
        pickle.dumps(made)
    assert copy.copy(made) == copy.deepcopy(made) == made


def test_the_base_itself_is_not_made() -> None:
    """Structure itself has no memory and no size, which is said in whatever way one is made."""
    base: Any = structures.Structure
    for make in (
        lambda: repr(base()),
        lambda: base(tv_sec=1),
        lambda: base(b"data"),
        lambda: base.__new__(base).tv_sec,
    ):
        with pytest.raises(TypeError, match=r"^Structure is the base"):
            make()
    for make in (lambda: base.array(1), lambda: base.from_bytes(b"data"), lambda: base.with_extra(8)):
        with pytest.raises((TypeError, AttributeError), match=r"^Structure is the base"):
            make()
    assert not hasattr(base, "nbytes")


PLAIN: Any = pydoc.plaintext  # type: ignore[attr-defined]  # typeshed does not have it


@pytest.mark.portable
def test_help() -> None:
    """It shows each structure with its fields, and their base."""
    for name in structures.names():
        made = getattr(structures, name)
        shown = pydoc.render_doc(made, renderer=PLAIN)
        assert f"class {name} in module pysys.structures" in shown
        assert not [field for field in made._fields if f" {field}" not in shown], name
    assert "from_buffer(buffer" in pydoc.render_doc(structures.Structure, renderer=PLAIN)


def test_size_is_a_field_or_nothing() -> None:
    """How long a structure is says nbytes, on the class and on objects; size is the kernel's field."""
    for name in structures.names():
        kind = getattr(structures, name)
        fields = [field.name for field in structures.describe(name)]
        assert "nbytes" not in fields, name
        assert hasattr(kind, "size") == hasattr(kind(), "size") == ("size" in fields), name
        assert kind.nbytes == kind().nbytes == len(bytes(kind())), name
        assert kind.array(3).nbytes == 3 * kind.nbytes
        with pytest.raises(AttributeError):
            kind().nbytes = 1
    assert structures.file_handle.with_extra(8).nbytes == structures.file_handle.nbytes + 8


def test_fields_with_the_name_of_a_method() -> None:
    """A field wins on the object, what every structure has on the class."""
    assert structures.sched_attr.nbytes == 56
    assert structures.sched_attr(size=48).size == 48
    assert structures.uffdio_copy(copy=3).copy == 3
    assert structures.Structure.copy(structures.uffdio_copy(len=3)).len == 3
    on_class: Any = structures.io_sqring_offsets
    assert len(on_class.array(2)) == 2
    assert structures.io_sqring_offsets(array=5).array == 5
    assert structures.uffd_msg_remap(from_=7).from_ == 7


def test_fields_that_are_descriptors() -> None:
    """They take an object with fileno(), which they do not keep."""
    with open("/dev/null") as file:
        assert structures.pollfd(fd=file).fd == file.fileno()
        assert structures.mount_attr(userns_fd=file).userns_fd == file.fileno()
        assert structures.pollfd(fd=-1).fd == -1
    with pytest.raises(TypeError, match=r"^pollfd\.fd must be an int or have fileno\(\), not list$"):
        structures.pollfd(fd=[1])  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r"^mount_attr\.userns_fd is a TextIOWrapper without a descriptor"):
        structures.mount_attr(userns_fd=file)


def test_nested_structures_are_views() -> None:
    """A nested structure is a view that outlives its owner, and takes a structure or a dict."""
    timer = structures.itimerspec(it_value={"tv_sec": 5})
    view = timer.it_value
    view.tv_nsec = 7
    assert timer.it_value == structures.timespec(tv_sec=5, tv_nsec=7)
    timer.it_interval = timer.it_value
    timer.it_value = {"tv_sec": 1}
    assert (timer.it_interval.tv_nsec, timer.it_value.tv_nsec) == (7, 0)
    del timer
    gc.collect()
    assert view.tv_sec == 1
    with pytest.raises(
        TypeError, match=r"itimerspec\.it_value must be structures.timespec or a dict, not int"
    ):
        structures.itimerspec(it_value=3)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match="timespec has no field 'sec'"):
        structures.itimerspec(it_value={"sec": 3})


def test_char_arrays_and_number_arrays() -> None:
    """Text reads up to its null byte, bytes in full, numbers as a tuple; what is not set becomes zero."""
    names = structures.utsname(sysname="Linux", nodename=b"a-longer-name")
    assert (names.sysname, names.nodename) == (b"Linux", b"a-longer-name")
    names.nodename = b"x"
    assert bytes(names).count(b"longer") == 0
    with pytest.raises(ValueError, match=r"utsname\.sysname has 66 bytes, but at most 65 fit"):
        names.sysname = b"x" * 66
    with pytest.raises(TypeError, match=r"utsname\.sysname must be str, bytes or another buffer, not int"):
        names.sysname = 5  # type: ignore[assignment]  # wrong on purpose
    address = structures.sockaddr_in6(sin6_addr=b"\0\1")
    assert address.sin6_addr == b"\0\1" + bytes(14)
    info = structures.sysinfo(loads=[1, 2])
    assert info.loads == (1, 2, 0)
    with pytest.raises(ValueError, match=r"sysinfo\.loads has 4 items, but at most 3 fit"):
        info.loads = range(4)
    with pytest.raises(OverflowError, match=r"sysinfo\.loads\[1\]"):
        info.loads = [1, -1]


def test_unions() -> None:
    """Names of one place show the same bytes."""
    attr = structures.bpf_attr(map_type=1, key_size=4)
    assert (attr.prog_type, attr.insn_cnt, attr.link_create.prog_fd) == (1, 4, 1)
    attr.link_create.kprobe_multi.cnt = 9
    assert attr.link_create.flags == 0
    assert structures.perf_event_attr(sample_freq=99).sample_period == 99
    info = structures.siginfo(si_value={"sival_int": 5})
    assert info.si_int == info.si_status == 5


def test_big_endian_numbers() -> None:
    """A port is a number in Python and big-endian in memory."""
    address = structures.sockaddr_in(sin_family=socket.AF_INET, sin_port=0x1234)
    assert bytes(address)[2:4] == b"\x12\x34"
    assert address.sin_port == 0x1234


def test_a_subclass_is_copied_with_what_it_points_to() -> None:
    """A class that a program derives keeps the memory behind its pointers when it is copied."""

    class Piece(structures.iovec):
        __slots__ = ()

    data = bytearray(b"four")
    one = Piece(iov_base=data, iov_len=4)
    copied, place = one.copy(), one.iov_base
    del one
    assert (type(copied), copied.iov_base) == (Piece, place)
    with pytest.raises(BufferError):
        data.append(0)


def test_pointers_take_and_keep_what_they_point_to() -> None:
    """A pointer takes None, an int, a buffer, a structure or an array, which it keeps alive."""
    buffer = bytearray(b"abc")
    piece = structures.iovec(iov_base=buffer, iov_len=3)
    assert ctypes.string_at(piece.iov_base, 3) == b"abc"
    with pytest.raises(BufferError):
        buffer.append(1)  # it cannot move meanwhile
    piece.iov_base = None
    assert piece.iov_base == 0
    buffer.append(1)

    numbers = array.array("i", [1, 2])
    gone = weakref.ref(numbers)
    pieces = structures.iovec.array([{"iov_base": numbers}])
    view = pieces[0]
    del numbers, pieces
    gc.collect()
    assert gone() is not None
    other = view.copy()
    view.iov_base = 0
    gc.collect()
    assert gone() is not None  # the copy points there too
    del other
    gc.collect()
    assert gone() is None

    numbers = array.array("i", [3])
    gone = weakref.ref(numbers)
    message = structures.msghdr(msg_name=bytearray(2), msg_iov=numbers)
    del numbers
    row = structures.mmsghdr.array([{"msg_hdr": message}, {}])
    row[1] = row[0]
    row[0] = {}
    del message
    row[1].msg_hdr.msg_name = None  # a neighbour of the pointer
    gc.collect()
    assert gone() is not None
    row[1] = {}
    gc.collect()
    assert gone() is None

    time = structures.timespec(tv_sec=3)
    message = structures.msghdr(msg_iov=structures.iovec.over([bytearray(4)]), msg_control=time)
    gone_too = weakref.ref(time)
    del time
    gc.collect()
    assert ctypes.c_longlong.from_address(message.msg_control).value == 3
    assert gone_too() is not None
    with pytest.raises(TypeError, match=r"msghdr\.msg_iov must be None, an int, .* not float"):
        message.msg_iov = 1.5  # type: ignore[assignment]  # wrong on purpose
    with pytest.raises(OverflowError, match=r"msghdr\.msg_iov"):
        message.msg_iov = 1 << 64


def test_numbers_that_are_addresses() -> None:
    """A 64-bit number that is an address takes what a pointer takes; another does not."""
    value = bytearray(8)
    attr = structures.bpf_attr(value=value)
    assert ctypes.string_at(attr.value, 8) == bytes(8)
    with pytest.raises(BufferError):
        value.append(1)
    with pytest.raises(TypeError, match=r"bpf_attr\.flags must be an int"):
        attr.flags = value  # type: ignore[assignment]  # wrong on purpose


def test_buffers() -> None:
    """A view of a buffer writes to it, a copy not; both refuse what is too short, a view what is fixed."""
    memory = bytearray(40)
    view = structures.timespec.from_buffer(memory, 8)
    view.tv_sec = 1
    assert memory[8:16] == (1).to_bytes(8, sys.byteorder)
    data = structures.timespec.from_bytes(memory[8:])
    view.tv_sec = 2
    assert data.tv_sec == 1
    for wrong in ({1: 2}, {None: 1}, {"tv_secs": 1}):  # a dict whose names are not fields
        with pytest.raises(TypeError, match=r"^timespec has no field "):
            structures.timespec.array([wrong])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(ValueError, match=r"^timespec.from_bytes: data is 15 bytes long, but timespec is 16$"):
        structures.timespec.from_bytes(bytes(15))
    with pytest.raises(ValueError, match=r"^timespec.from_bytes: data is 1 byte long, but timespec is 16$"):
        structures.timespec.from_bytes(bytes(1))
    with pytest.raises(ValueError, match="buffer after the offset is 8 bytes long, but timespec is 16"):
        structures.timespec.from_buffer(memory, 32)
    with pytest.raises(ValueError, match="offset"):
        structures.timespec.from_buffer(memory, -1)
    with pytest.raises((TypeError, BufferError, ValueError)):
        structures.timespec.from_buffer(bytes(16))


def test_space_for_a_last_field_without_length() -> None:
    """with_extra() gives the last field its bytes, which copy, compare and travel with the rest."""
    handle = structures.file_handle.with_extra(8, handle_bytes=8, f_handle=b"12345678")
    assert handle.f_handle == b"12345678"
    assert bytes(handle)[8:] == b"12345678"
    assert handle.copy() == handle == structures.file_handle.from_bytes(bytes(handle))
    with pytest.raises(
        ValueError, match=r"file_handle\.f_handle has 9 bytes, but at most 8 fit: see with_ex"
    ):
        handle.f_handle = bytes(9)
    assert structures.file_handle().f_handle == b""
    probe = structures.io_uring_probe.with_extra(16, ops=[{"op": 1}, {"op": 2}])
    assert [one.op for one in probe.ops] == [1, 2]


def test_arrays() -> None:
    """An array is a sequence of views; what is set is copied."""
    row = structures.timespec.array([structures.timespec(tv_sec=1), {"tv_sec": 2}])
    assert [one.tv_sec for one in row] == [1, 2]
    row[-1] = {"tv_nsec": 5}
    row[0].tv_sec = 9
    assert row == structures.timespec.array([{"tv_sec": 9}, {"tv_nsec": 5}])
    assert len(row) == 2
    with pytest.raises(IndexError):
        row[2]
    with pytest.raises(TypeError, match=r"timespec\[0\] must be structures.timespec or a dict, not tuple"):
        row[0] = (1, 2)  # type: ignore[call-overload]  # wrong on purpose
    with pytest.raises(ValueError, match=r"-\d+ is out of range \(0 to"):
        structures.timespec.array(-1)


def test_slices_of_arrays() -> None:
    """A slice is an array in the same memory, which it keeps; what is set is copied, also from itself."""
    row = structures.timespec.array([{"tv_sec": number} for number in range(5)])
    part = row[1:-1]
    assert type(part) is structures.Array
    assert [one.tv_sec for one in part] == [1, 2, 3]
    assert (len(row[3:1]), row[3:1].nbytes, part.nbytes) == (0, 0, 3 * structures.timespec.nbytes)
    assert bytes(part) == bytes(row)[part.nbytes // 3 : 4 * part.nbytes // 3]
    assert part == row[1:4] != row[:3]
    part[0].tv_sec = 7
    assert row[1].tv_sec == 7
    row[1:] = row[:-1]
    assert [one.tv_sec for one in row] == [0, 0, 7, 2, 3]
    row[:2] = ({"tv_sec": 9}, structures.timespec())
    assert [one.tv_sec for one in row] == [9, 0, 7, 2, 3]
    del row
    gc.collect()
    assert [one.tv_sec for one in part] == [0, 7, 2]
    with pytest.raises(ValueError, match=r"timespec.array: 1 item for 2 places"):
        part[:2] = [{}]
    with pytest.raises(ValueError, match="without a step"):
        part[::2]
    with pytest.raises(TypeError, match="must be an iterable of structures or dicts, not int"):
        part[:2] = 2  # type: ignore[call-overload]  # wrong on purpose
    assert [one.tv_sec for one in part] == [0, 7, 2]


def test_a_slice_keeps_what_its_pointers_lead_to() -> None:
    """And memory behind them is looked at as that of the array is."""
    row = structures.iovec.over([bytearray(1), bytearray(b"abc"), b"read-only"])
    part = row[1:]
    read, write = os.pipe()
    try:
        assert direct.writev(write, part[:1], 1) == 3
        with pytest.raises(TypeError, match="read-only memory"):
            direct.readv(read, part, 2)
        assert direct.readv(read, row[:2], 2) == 3
    finally:
        os.close(read)
        os.close(write)
    other = structures.iovec.array(2)
    other[:] = part
    del row, part
    gc.collect()
    assert ctypes.string_at(other[1].iov_base, other[1].iov_len) == b"read-only"


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (structures.perf_event_attr(type=1, freq=1, sample_freq=99), "type freq sample_freq"),
        (structures.perf_event_attr(sample_period=99, watermark=1, wakeup_events=2),
         "sample_period watermark wakeup_watermark"),
        (structures.perf_event_attr(type=5, bp_addr=7, bp_len=8, bp_type=1), "type bp_type bp_addr bp_len"),
        (structures.perf_event_attr(config1=7, config2=8, config3=9), "config1 config2 config3"),
        (structures.ptrace_syscall_info(op=2, exit={"rval": 3}), "op exit rval"),
        (structures.ptrace_syscall_info(op=1, entry={"nr": 3}), "op entry nr"),
        (structures.sigevent(sigev_signo=10, sigev_notify=4, sigev_notify_thread_id=3),
         "sigev_signo sigev_notify sigev_notify_thread_id"),
        (structures.uffd_msg(event=0x12, arg={"pagefault": {"address": 1}}), "event arg pagefault address"),
        (structures.uffd_msg(event=0x13, arg={"fork": {"ufd": 4}}), "event arg fork ufd"),
        (structures.mnt_id_req(mnt_fd=4), "mnt_fd"),
        (structures.mnt_id_req(mnt_ns_fd=4, mnt_id=5), "mnt_ns_fd mnt_id"),
        (structures.ifreq(ifr_name="lo", ifr_addr={"sa_family": 2}),
         "ifr_name ifr_addr sa_family ifr_ifindex"),
        (structures.io_uring_restriction(opcode=1, sqe_op=3), "opcode sqe_op"),
        (structures.io_uring_sqe(opcode=22, fd=3, off=5, addr=4096, len=8, rw_flags=1),
         "opcode fd off addr len rw_flags"),
        (structures.io_uring_sqe(opcode=22, flags=0x20, buf_group=3), "opcode flags buf_group"),
        (structures.io_uring_sqe(opcode=26, addr2=5, addr_len=16, msg_flags=1),
         "opcode addr2 msg_flags addr_len"),
        (structures.io_uring_sqe(opcode=30, off=1, splice_off_in=2, splice_fd_in=3, splice_flags=4),
         "opcode off splice_off_in splice_flags splice_fd_in"),
        (structures.io_uring_sqe(opcode=46, cmd_op=1, addr=2), "opcode cmd_op addr"),
    ],
)  # fmt: skip
def test_unions_show_what_holds(made: Any, shown: str) -> None:
    """Of the fields that share their bytes; what is shown makes the same structure."""
    assert set(re.findall(r"(\w+)=", repr(made))) == set(shown.split())
    classes = {name: getattr(structures, name) for name in re.findall(r"(\w+)\(", repr(made))}
    assert eval(repr(made), classes) == made


def test_a_union_of_which_nothing_is_known_shows_its_bytes() -> None:
    made = structures.bpf_attr(map_type=1, key_size=4, value_size=8, max_entries=16)
    text = repr(made)
    assert text.startswith(
        f"bpf_attr.from_bytes({struct.pack('=IIII', 1, 4, 8, 16).rstrip(bytes(1))!r}.ljust("
    )
    assert eval(text, {"bpf_attr": structures.bpf_attr}) == made
    assert repr(structures.bpf_attr()) == "bpf_attr()"


# Structures whose representation has fields that share their bytes, and why.
SHARING = {
    "bpf_attr_link_create_cgroup": "a flag of bpf_attr_link_create says which",
    "bpf_attr_link_create_netkit": "likewise",
    "bpf_attr_link_create_tcx": "likewise",
    "keyctl_pkey_params": "the operation of keyctl says which",
    "siginfo": "has a representation of its own",
    "perf_event_mmap_page": "capabilities has its bits as fields, too",
    "sigval": "who sends it knows",
    "uffd_msg_arg": "uffd_msg says which",
}


@pytest.mark.parametrize("name", NAMES)
def test_of_each_union_it_is_known_what_holds(name: str) -> None:
    fields = getattr(structures, name)._fields
    shares = any(_shares(fields, one, [other]) for one in fields for other in fields if one != other)
    assert shares == ((name in UNIONS and name != "uffd_msg") or name in SHARING)


def test_the_fields_of_unions_exist() -> None:
    """Those that the table names, and each has bytes that another has, too."""
    for name, text in UNIONS.items():
        if text == AS_BYTES or name not in NAMES:
            continue
        fields = {one.name: one for one in structures.describe(name)}
        for line in text.split("\n"):
            condition, _, names = line.partition(":")
            assert {*condition.split()[:1]} <= fields.keys(), (name, line)
            for one in names.split():
                field, _, member = one.partition(".")
                inside = structures.describe(fields[field].ctype.partition(" ")[2]) if member else ()
                assert not member or member in {part.name for part in inside}, (name, one)
                others = [other for other in fields if other != one]
                assert member or _shares(getattr(structures, name)._fields, one, others), (name, one)


# ---- conveniences ----


@given(st.integers(-(2**63) * 10**9, (2**63 - 1) * 10**9))
def test_nanoseconds_round_trip(count: int) -> None:
    """A number of nanoseconds comes back exactly, with tv_nsec never negative."""
    made = structures.timespec.from_nanoseconds(count)
    assert made.nanoseconds == count
    assert 0 <= made.tv_nsec < 10**9


def test_seconds() -> None:
    """Seconds as float are rounded to the unit, before 0 too."""
    assert structures.timespec.from_seconds(1.5) == structures.timespec(tv_sec=1, tv_nsec=500_000_000)
    assert structures.timespec.from_seconds(-0.25) == structures.timespec(tv_sec=-1, tv_nsec=750_000_000)
    # The float that is nearest to .1 there, not 100,000,000.
    assert structures.timespec.from_seconds(1_700_000_000.1).tv_nsec == 99_999_905
    assert structures.timeval.from_seconds(2.000001).microseconds == 2_000_001
    assert structures.timeval(tv_sec=1, tv_usec=500_000).seconds == 1.5
    assert structures.timespec.from_seconds(0.9999999999) == structures.timespec(tv_sec=1)


@given(st.sets(st.integers(1, 64)))
def test_sigset_round_trip(signals: set[int]) -> None:
    """A set of signals comes back, and each is one bit."""
    made = structures.sigset.of(signals)
    assert made.signals() == signals
    assert sum(word.bit_count() for word in made.sig) == len(signals)


def test_sigset_refuses_what_is_not_a_signal() -> None:
    """0 and numbers above the last are not signals."""
    for wrong in (0, -1, 8 * structures.sigset.nbytes + 1):
        with pytest.raises((ValueError, OverflowError), match=r"of: signals\[0\].* is out of range \(1 to"):
            structures.sigset.of([wrong])


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (addresses.AF_INET, ("127.0.0.1", 80)),
        (addresses.AF_INET6, ("::1", 443, 5, 1)),
        (addresses.AF_UNIX, "/run/some.sock"),
        (addresses.AF_UNIX, "x" * 108),
        (addresses.AF_UNIX, b"\0abstract\0name"),
        (addresses.AF_UNIX, ""),
        (addresses.AF_NETLINK, (5, 3)),
        (addresses.AF_VSOCK, (2, 1234)),
        (addresses.AF_PACKET, (1, 0x0800, 2, 1, b"\1\2\3\4\5\6")),
        (addresses.AF_ALG, ("hash", "sha256", 0, 0)),
    ],
)
def test_addresses_round_trip(family: int, address: Any) -> None:
    """An address in Python's form comes back from its structure, and from its bytes."""
    made, length = addresses.pack(family, address)
    assert addresses.unpack(made, length) == address
    assert addresses.unpack(bytes(made)[:length]) == address
    assert int.from_bytes(bytes(made)[:2], sys.byteorder) == family


def test_an_address_of_zeros_has_no_name() -> None:
    """A Unix address that the kernel has left empty is "", however many bytes count."""
    empty = structures.sockaddr_un(sun_family=addresses.AF_UNIX)
    for length in (None, 2, 3, 110):
        assert addresses.unpack(empty, length) == ""
    assert (
        addresses.unpack(structures.sockaddr_un(sun_family=addresses.AF_UNIX, sun_path=b"\0a"), 4) == b"\0a"
    )


@pytest.mark.parametrize(
    ("path", "length"),
    [("x", 4), ("x" * 107, 110), ("x" * 108, 110), ("", 2), (b"\0x", 4), (b"\0" * 108, 110)],
)
def test_the_length_of_an_address(path: str | bytes, length: int) -> None:
    """A path ends with a null byte where the structure has one left for it, an abstract name never does."""
    made, counted = addresses.pack(addresses.AF_UNIX, path)
    assert counted == length <= made.nbytes


def test_what_is_not_an_address() -> None:
    """What is not an address is refused before the kernel is asked; an unknown family gives its bytes."""
    with pytest.raises(ValueError, match="not a numeric address"):
        addresses.pack(addresses.AF_INET, ("localhost", 80))
    with pytest.raises(OverflowError, match="pack: address: port: 65536 is out of range"):
        addresses.pack(addresses.AF_INET, ("127.0.0.1", 65536))
    with pytest.raises(ValueError, match=r"pack: address must be \(host, port\), not 1 value"):
        addresses.pack(addresses.AF_INET, ("127.0.0.1",))
    with pytest.raises(ValueError, match="109 bytes, but at most 108"):
        addresses.pack(addresses.AF_UNIX, "x" * 109)
    with pytest.raises(ValueError, match="null byte"):
        addresses.pack(addresses.AF_UNIX, "a\0b")
    with pytest.raises(ValueError, match="family 99"):
        addresses.pack(99, ())
    assert addresses.unpack((99).to_bytes(2, sys.byteorder) + b"ab") == (99, b"ab")
    assert addresses.unpack(b"") is None
    assert addresses.unpack(bytes(16)) is None  # AF_UNSPEC


# ---- with the kernel ----


def test_an_address_that_the_kernel_fills() -> None:
    """getsockname writes an address that reads as Python's own."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        place, length = structures.sockaddr_storage(), array.array("i", [structures.sockaddr_storage.nbytes])
        syscall("getsockname", server.fileno(), place.cdata, length)
        assert addresses.unpack(place, length[0]) == server.getsockname()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        name = leftovers.name()
        made, length_of = addresses.pack(addresses.AF_UNIX, f"\0{name}")
        syscall("bind", one.fileno(), made.cdata, length_of)
        assert one.getsockname() == f"\0{name}".encode()


def test_stat_returns_what_os_stat_returns(tmp_path: Path) -> None:
    """statx and the ABI's own stat agree with os.stat."""
    (tmp_path / "file").write_bytes(b"12345")
    expected = os.stat(tmp_path / "file")
    made = structures.statx()
    syscall("statx", -100, tmp_path / "file", 0, 0xFFF, made.cdata)
    assert (made.stx_size, made.stx_ino, made.stx_mode) == (5, expected.st_ino, expected.st_mode)
    assert made.stx_mtime.tv_sec * 10**9 + made.stx_mtime.tv_nsec == expected.st_mtime_ns
    name, kind = ("fstatat64", "stat64") if "fstatat64" in numbers.table() else ("newfstatat", "stat")
    old = getattr(structures, kind)()
    syscall(name, -100, tmp_path / "file", old.cdata, 0)
    assert (old.st_size, old.st_ino, old.st_mode) == (5, expected.st_ino, expected.st_mode)
    assert old.st_mtime * 10**9 + old.st_mtime_nsec == expected.st_mtime_ns


def test_structures_that_the_kernel_fills() -> None:
    """uname, sysinfo, getrusage and prlimit64 fill theirs with what Python's own functions tell."""
    names = structures.utsname()
    syscall("uname", names.cdata)
    assert [names.sysname, names.nodename, names.release] == [os.fsencode(text) for text in os.uname()[:3]]
    info = structures.sysinfo()
    syscall("sysinfo", info.cdata)
    assert info.totalram * info.mem_unit // os.sysconf("SC_PAGE_SIZE") == os.sysconf("SC_PHYS_PAGES")
    usage = structures.rusage()
    syscall("getrusage", 0, usage.cdata)
    assert usage.ru_maxrss > 0
    import resource

    limit = structures.rlimit64()
    syscall("prlimit64", 0, resource.RLIMIT_NOFILE, None, limit.cdata)
    infinite = (1 << 64) - 1
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert [limit.rlim_cur, limit.rlim_max] == [infinite if one == -1 else one for one in (soft, hard)]


def test_iovec_over_buffers() -> None:
    """readv fills the buffers of an array of pieces, one after the other."""
    buffers = [bytearray(2), bytearray(5)]
    handle = structures.file_handle.with_extra(7)  # longer than its type says
    assert structures.iovec.over([handle])[0].iov_len == handle.nbytes == structures.file_handle.nbytes + 7
    pieces = structures.iovec.over(buffers)
    read_end, write_end = os.pipe()
    try:
        os.write(write_end, b"abcdefg")
        assert syscall("readv", read_end, pieces.cdata, len(pieces)) == 7
    finally:
        os.close(read_end)
        os.close(write_end)
    assert buffers == [b"ab", b"cdefg"]


def _tree(folder: Path) -> dict[bytes, int]:
    (folder / "file").write_text("")
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("file")
    (folder / ("n" * 255)).write_text("")
    os.mkfifo(folder / "fifo")
    return {b"file": 8, b"folder": 4, b"link": 10, b"n" * 255: 8, b"fifo": 1, b".": 4, b"..": 4}


@pytest.mark.parametrize("call", ["getdents64", "getdents"])
def test_directory_entries(call: str, tmp_path: Path) -> None:
    """The readers give inode, type and name of each entry that getdents64 and getdents write."""
    if call not in numbers.table(HERE):
        pytest.skip(f"{HERE} has no {call}")
    expected = _tree(tmp_path)
    read = readers.dirents64 if call == "getdents64" else readers.dirents
    found = []
    descriptor = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        buffer = bytearray(512)  # less than all of them need
        while count := syscall(call, descriptor, buffer, len(buffer)):
            found += read(buffer, count)
    finally:
        os.close(descriptor)
    assert {entry.name: entry.type for entry in found} == expected
    inodes = {entry.name: entry.ino for entry in found}
    assert inodes[b"file"] == os.stat(tmp_path / "file").st_ino
    assert len({entry.off for entry in found}) == len(found)


def test_inotify_events(tmp_path: Path) -> None:
    """The reader gives watch, mask, cookie and name of each event."""
    descriptor = syscall("inotify_init1", os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        watch = syscall("inotify_add_watch", descriptor, tmp_path, 0x100 | 0x40 | 0x80)  # create, move
        (tmp_path / "one").write_text("")
        (tmp_path / "one").rename(tmp_path / "another name")
        buffer = bytearray(4096)
        count = syscall("read", descriptor, buffer, len(buffer))
        events = readers.inotify_events(buffer, count)
    finally:
        os.close(descriptor)
    assert [(one.wd, one.mask, one.name) for one in events] == [
        (watch, 0x100, b"one"),
        (watch, 0x40, b"one"),
        (watch, 0x80, b"another name"),
    ]
    assert events[1].cookie == events[2].cookie != 0


def test_fanotify_events_of_the_kernel(tmp_path: Path) -> None:
    """An event with FAN_REPORT_DFID_NAME has the directory's handle and the name."""
    try:
        descriptor = syscall("fanotify_init", 0x200 | 0xC00 | 0x1 | 0x2, os.O_RDONLY)
        syscall("fanotify_mark", descriptor, 1, 0x100, -100, tmp_path)  # FAN_MARK_ADD, FAN_CREATE
    except OSError as error:
        pytest.skip(f"fanotify: {error}")
    try:
        (tmp_path / "new").write_text("")
        buffer = bytearray(4096)
        events = readers.fanotify_events(buffer, syscall("read", descriptor, buffer, len(buffer)))
    finally:
        os.close(descriptor)
    (event,) = events
    assert (event.mask, event.fd, event.pid) == (0x100, -1, os.getpid())
    (told,) = event.information
    assert isinstance(told, readers.FanotifyFid)
    assert (told.kind, told.name) == (2, b"new")
    handle, mount = structures.file_handle.with_extra(128, handle_bytes=128), array.array("i", [0])
    syscall("name_to_handle_at", -100, tmp_path, handle.cdata, mount, 0)
    expected: Any = handle
    assert told.handle.f_handle == expected.f_handle[: expected.handle_bytes]
    assert told.handle.handle_type == expected.handle_type


def _information(kind: int, body: bytes) -> bytes:
    return bytes([kind, 0]) + (4 + len(body)).to_bytes(2, sys.byteorder) + body


def _event(*information: bytes, fd: int = -1) -> bytes:
    rest = b"".join(information)
    head = structures.fanotify_event_metadata(
        event_len=24 + len(rest), vers=3, metadata_len=24, mask=0x2, fd=fd, pid=7
    )
    return bytes(head) + rest


def test_fanotify_records() -> None:
    """Every kind of information has its record; one that is not known gives its bytes."""

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, sys.byteorder, signed=value < 0)

    raw = _event(
        _information(4, number(9, 4)),
        _information(5, number(-5, 4) + number(2, 4)),
        _information(6, bytes(4) + number(4096, 8) + number(512, 8)),
        _information(7, number(33, 8)),
        _information(1, number(1, 4) + number(2, 4) + number(4, 4) + number(3, 4) + b"abcd"),
        _information(99, b"what"),
    )
    first, second = readers.fanotify_events(raw + _event(fd=5))
    pidfd, error, part, mount, fid, unknown = first.information
    assert (pidfd, error) == (readers.FanotifyPidfd(9), readers.FanotifyError(-5, 2))
    assert (part, mount) == (readers.FanotifyRange(4096, 512), readers.FanotifyMount(33))
    assert unknown == readers.FanotifyUnknown(99, b"what")
    assert isinstance(fid, readers.FanotifyFid)
    assert (fid.fsid, fid.handle.handle_type, fid.handle.f_handle, fid.name) == ((1, 2), 3, b"abcd", b"")
    assert (second.fd, second.pid, second.information) == (5, 7, ())


@pytest.mark.parametrize(
    ("kind", "named"), [(1, b""), (2, b"new name"), (3, b""), (10, b"new name"), (12, b"new name")]
)
def test_fanotify_names(kind: int, named: bytes) -> None:
    """The kinds of FAN_EVENT_INFO_TYPE_* that have a name after their handle; FAN_RENAME has two."""
    handle = struct.pack("=iiIi4s", 1, 2, 4, 3, b"abcd")
    (event,) = readers.fanotify_events(_event(_information(kind, handle + b"new name\0\0\0\0")))
    (found,) = event.information
    assert isinstance(found, readers.FanotifyFid)
    assert (found.kind, found.name, found.handle.f_handle) == (kind, named, b"abcd")


@given(st.binary(max_size=200))
def test_readers_refuse_or_read_any_bytes(data: bytes) -> None:
    """No bytes make a reader do anything but give records or raise ValueError."""
    for read in (readers.dirents64, readers.dirents, readers.inotify_events, readers.fanotify_events):
        try:
            assert isinstance(read(data), list)
        except ValueError:
            pass
    assert isinstance(control.parse(data), list)


@pytest.mark.parametrize("kind", range(16))
def test_information_that_is_cut_off_is_refused(kind: int) -> None:
    """However short what the kernel says of an event is, whatever stands there: a record, or ValueError."""
    for filling in (b"\0", b"\1", b"\xff"):
        for size in range(48):
            complete = _event(_information(kind, filling * size))
            for raw in (
                complete,
                *(complete[:index] + filling + complete[index + 1 :] for index in range(28)),
            ):
                try:
                    (event,) = readers.fanotify_events(raw)
                except ValueError as error:
                    assert "cut off" in str(error) or "format" in str(error)
                else:
                    assert len(event.information) <= 1


def test_information_in_the_place_of_the_event_is_refused() -> None:
    """An event whose own part is said to be shorter than it is."""
    event = _event(_information(7, bytes(8)))
    short = event[:6] + (4).to_bytes(2, sys.byteorder) + event[8:]
    with pytest.raises(ValueError, match="cut off"):
        readers.fanotify_events(short)


def test_entries_that_are_too_short_for_a_name() -> None:
    """An entry of getdents has a name's end and a type behind its head, whatever length it says."""
    inode, _, length, name = describe("linux_dirent")
    long = inode.nbytes
    for size in range(name.offset + 5):
        words = [(7).to_bytes(long, sys.byteorder), (1).to_bytes(long, sys.byteorder)]
        raw = b"".join([*words, size.to_bytes(length.nbytes, sys.byteorder), b"a\0\4"])
        if name.offset + 2 <= size <= len(raw):
            assert [(one.ino, one.off) for one in readers.dirents(raw, size)] == [(7, 1)]
        else:
            with pytest.raises(ValueError, match="cut off"):
                readers.dirents(raw, size if name.offset <= size <= len(raw) else None)


def test_readers_refuse_what_is_cut_off() -> None:
    """A record that goes beyond the buffer is a ValueError, as is a count that does."""
    with pytest.raises(ValueError, match="cut off"):
        readers.fanotify_events(_event()[:-1])
    with pytest.raises(ValueError, match="format 2"):
        readers.fanotify_events(_event()[:4] + b"\2" + _event()[5:])
    event = bytes(12) + (4).to_bytes(4, sys.byteorder) + b"abc\0"
    assert readers.inotify_events(event) == [readers.InotifyEvent(0, 0, 0, b"abc")]
    for length in (1, 15, 16, 19):
        with pytest.raises(ValueError, match=rf"^the record at byte 0 of {length} is cut off$"):
            readers.inotify_events(event[:length])
    with pytest.raises(ValueError, match=r"count: \S+ is out of range \(0 to 4\)"):
        readers.inotify_events(bytes(4), 5)
    for count in (-1, 17):
        with pytest.raises(ValueError, match=r"count: \S+ is out of range \(0 to 16\)"):
            control.parse(bytes(16), count)
    with pytest.raises(ValueError, match="length"):
        addresses.unpack(bytes(16), -1)


def test_descriptors_over_a_socket() -> None:
    """SCM_RIGHTS, built here, brings a descriptor to the other side, where the parser finds it; and back."""
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other, open(__file__, "rb") as file:
        sent = control.build([control.ControlMessage.rights([file.fileno()])])
        message = structures.msghdr.over([b"x"], control=sent)
        assert syscall("sendmsg", one.fileno(), message.cdata, 0) == 1
        _, ancillary, _, _ = other.recvmsg(1, 64)
        descriptor = int.from_bytes(ancillary[0][2], sys.byteorder)
        assert os.path.sameopenfile(descriptor, file.fileno())
        os.close(descriptor)

        other.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        one.sendmsg([b"yz"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()] * 2))])
        data, received = bytearray(8), bytearray(256)
        got = structures.msghdr.over([data], control=received)
        assert syscall("recvmsg", other.fileno(), got.cdata, 0) == 2
        found = control.parse(received, got.msg_controllen)
        descriptors = [number for message in found for number in message.descriptors()]
        try:
            assert len(descriptors) == 2
            assert all(os.path.sameopenfile(number, file.fileno()) for number in descriptors)
        finally:
            for number in descriptors:
                os.close(number)
        assert [one.sender() for one in found if one.sender()] == [(os.getpid(), os.getuid(), os.getgid())]


def test_control_messages_as_the_socket_module_has_them() -> None:
    """Lengths are CMSG_LEN and CMSG_SPACE; what is built is parsed again."""
    for size in (0, 1, 4, 8, 13):
        assert control.length(size) == socket.CMSG_LEN(size)
        assert control.space(size) == socket.CMSG_SPACE(size)
    messages = [control.ControlMessage(1, 2, b"abc"), control.ControlMessage.credentials(1, 2, 3)]
    assert control.parse(control.build(messages)) == messages
    empty = control.ControlMessage(1, 9, b"")
    assert control.parse(control.build([empty, *messages, empty])) == [empty, *messages, empty]
    assert messages[1].sender() == (1, 2, 3)
    assert control.socket_level() == socket.SOL_SOCKET


def test_a_control_message_that_was_cut_off() -> None:
    """Of the last one, which the buffer was too short for (MSG_CTRUNC), there is the data that came."""
    first, second = control.ControlMessage(1, 2, b"abc"), control.ControlMessage(3, 4, b"12345678")
    raw = control.build([first, second])
    for missing in range(1, 9):
        there = control.ControlMessage(3, 4, b"12345678"[:-missing])
        assert control.parse(raw, len(raw) - missing) == [first, there]


def test_what_a_control_message_brings() -> None:
    """Descriptors, of which the last may be cut off, or one of a process; else none, nor a sender."""
    level = control.socket_level()
    data = b"".join(number.to_bytes(4, sys.byteorder) for number in (5, 6))
    for kind in (1, 4):  # SCM_RIGHTS, SCM_PIDFD
        assert control.ControlMessage(level, kind, data).descriptors() == [5, 6]
        assert control.ControlMessage(level, kind, data[:-1]).descriptors() == [5]
        assert control.ControlMessage(level + 1, kind, data).descriptors() == []
    for length in range(12):
        assert control.ControlMessage(level, 2, bytes(length)).sender() is None
    assert control.ControlMessage(level + 1, 2, bytes(12)).sender() is None
    assert control.ControlMessage(level, 2, data).descriptors() == []


def test_a_field_is_documented() -> None:
    """help() of a structure says of each field what it is, and not how it is read."""
    for name in structures.names():
        kind = getattr(structures, name)
        for field, (known, _) in kind._fields.items():
            assert str(vars(kind)[field].__doc__).startswith(known.ctype), (name, field)
    assert (
        structures.open_how.resolve.__doc__
        == "uint64_t; RESOLVE_* bits: where the path may lead (ResolveFlags)"
    )
    shown = pydoc.plain(pydoc.render_doc(structures.open_how))
    assert " |  resolve\n |      uint64_t; RESOLVE_* bits: where the path may lead (ResolveFlags)\n" in shown


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {
                "si_signo": signal.SIGCHLD,
                "si_code": 1,
                "si_pid": 5,
                "si_uid": 6,
                "si_status": 3,
                "si_utime": 2,
            },
            {"si_pid", "si_uid", "si_status", "si_utime"},
        ),
        ({"si_signo": signal.SIGCHLD, "si_code": 0, "si_pid": 5}, {"si_pid"}),
        (
            {"si_signo": signal.SIGUSR1, "si_code": -1, "si_pid": 5, "si_int": 7},
            {"si_pid", "si_int", "si_ptr"},
        ),
        ({"si_signo": signal.SIGALRM, "si_code": -2, "si_tid": 5, "si_overrun": 7}, {"si_tid", "si_overrun"}),
        ({"si_signo": signal.SIGSEGV, "si_code": 1, "si_addr": 4096}, {"si_addr"}),
        ({"si_signo": signal.SIGSYS, "si_code": 1, "si_syscall": 4}, {"si_syscall"}),
        ({"si_signo": signal.SIGRTMIN, "si_code": 9, "si_pid": 4}, {"si_pid"}),
        (
            {"si_signo": signal.SIGRTMIN, "si_code": -1, "si_pid": 5, "si_int": 7},
            {"si_pid", "si_int", "si_ptr"},
        ),
        ({"si_signo": signal.SIGRTMIN, "si_code": 1, "si_band": 65, "si_fd": 11}, {"si_band", "si_fd"}),
        ({"si_signo": signal.SIGUSR1, "si_code": 6, "si_band": 65, "si_fd": 11}, {"si_band", "si_fd"}),
        ({"si_signo": signal.SIGIO, "si_code": 1, "si_band": 65, "si_fd": 11}, {"si_band", "si_fd"}),
        ({"si_signo": signal.SIGUSR1, "si_code": 7, "si_pid": 5}, {"si_pid"}),
        ({"si_signo": signal.SIGSEGV, "si_code": 0x80, "si_pid": 5}, {"si_pid"}),
        ({"si_signo": signal.SIGTRAP, "si_code": 0x405, "si_pid": 5, "si_uid": 6}, {"si_pid", "si_uid"}),
    ],
)
def test_siginfo_shows_what_counts(fields: dict[str, Any], shown: set[str]) -> None:
    """The representation has what siginfo_layout() of the kernel says of this signal and code, if not 0."""
    made = structures.siginfo(**fields)
    names = set(re.findall(r"(\w+)=", repr(made)))
    assert names - {"si_signo", "si_code"} == shown
