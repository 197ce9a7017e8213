"""The tool that reads the C library: what it makes of declarations, and of the versions of symbols."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import libc
from tools.generate.tables import facts

pytestmark = pytest.mark.portable

UNISTD = """\
#define MINI_USED 1
typedef int __pid_t;
typedef __pid_t pid_t;
typedef union { int *__pointer; } __CONST_SOCKADDR_ARG __attribute__ ((__transparent_union__));
#include <bits/mini.h>
extern __pid_t fork (void) __attribute__ ((__nothrow__ , __leaf__));
extern int bind (int __fd, __CONST_SOCKADDR_ARG __addr, unsigned long int __len);
__extension__ extern long int lseek (int __fd, long int __at) __asm__ ("" "lseek64");
#ifdef _GNU_SOURCE
extern __pid_t gettid (void);
#endif
"""
BITS = """\
#ifndef MINI_USED
# error "Never include <bits/mini.h> directly; use <unistd.h> instead."
#endif
extern int execveat (int __fd, const char *__restrict __path, char *const __argv[]);
"""


@pytest.fixture
def headers(tmp_path: Path) -> libc.Headers:
    """Two headers, one of which the other includes."""
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    include = tmp_path / "usr/include"
    (include / "bits").mkdir(parents=True)
    (include / "unistd.h").write_text(UNISTD)
    (include / "bits/mini.h").write_text(BITS)
    return libc.Headers(tmp_path)


def test_check() -> None:
    """A file that is not what the headers give is a failure; an older C library's is not."""
    made = libc.text("2.43", {"read": ("unistd.h", "", "2.0", "ssize_t read(int fd)")})
    assert libc.complaints("2.43", made, made) == (0, "libc.tsv is current")
    status, answer = libc.complaints("2.43", made, made.replace("int fd", "int fd, size_t n"))
    assert status == 1 and "+read\tunistd.h\t\t2.0\tssize_t read(int fd)" in answer.splitlines()
    status, answer = libc.complaints("2.44", made, made)
    assert status == 0 and "glibc 2.43, and there is 2.44" in answer
    committed = libc.FILE.read_text("utf-8")
    version, rows = facts.rows("libc.tsv", 5)
    found = {name: (header, macro, since, prototype) for name, header, macro, since, prototype in rows}
    assert libc.text(version.split()[1].rstrip(":"), found) == committed


def test_declarations(headers: libc.Headers) -> None:
    """Prototypes are written as manuals write them; what a macro adds is seen only with it."""
    assert headers.public == ["unistd.h"]
    found = {name: one.prototype for name, one in headers.declared("unistd.h").items()}
    assert found["fork"] == "pid_t fork(void)"
    assert found["bind"] == "int bind(int fd, const struct sockaddr *addr, unsigned long len)"
    assert found["lseek"] == "long lseek(int fd, long at)"
    assert found["execveat"] == "int execveat(int fd, const char *restrict path, char *const argv[])"
    assert "gettid" not in found
    assert headers.declared("unistd.h", "_GNU_SOURCE")["gettid"].prototype == "pid_t gettid(void)"


def test_where_a_declaration_belongs(headers: libc.Headers) -> None:
    """What stands in an inner header is reached by the one that this names; alone it is not used."""
    found = headers.declared("unistd.h")
    assert headers.home(found["fork"].file) == headers.home(found["execveat"].file) == "unistd.h"
    assert headers.declared("bits/mini.h") == {}


def test_versions_of_symbols() -> None:
    """The oldest version of a symbol counts; one that is only kept for old programs cannot be linked to."""
    table = """
   1: 000 8 FUNC    GLOBAL DEFAULT   15 mq_open@@GLIBC_2.34
   2: 000 8 FUNC    GLOBAL DEFAULT   15 mq_open@GLIBC_2.3.4
   3: 000 8 IFUNC   GLOBAL DEFAULT   15 time@@GLIBC_2.2.5
   4: 000 8 FUNC    GLOBAL DEFAULT   15 uselib@GLIBC_2.2.5
   5: 000 8 OBJECT  GLOBAL DEFAULT   15 environ@@GLIBC_2.2.5
"""
    assert libc.oldest(table) == {
        "mq_open": ("2.3.4", True),
        "time": ("2.2.5", True),
        "uselib": ("2.2.5", False),
    }


def test_other_names_are_of_known_functions() -> None:
    """Each call whose function has another name has one that the headers declare."""
    declared = {row[0] for row in facts.rows("libc.tsv", 5)[1]}
    for call, function in facts.rows("libc_names.tsv", 2)[1]:
        assert function == "-" or function in declared, call
        assert call not in declared, call
