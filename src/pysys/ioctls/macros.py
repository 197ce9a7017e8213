"""The requests of the headers that are macros with parameters: of a length, an axis, a kind of event."""

from __future__ import annotations

from pysys.abi import get
from pysys.ioctls.request import IOC, Request
from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pysys.abi import ABI

# What the macros of a header take; then of each its name, what the kernel does with the memory, the driver's
# letter and the number.
_MACROS = """
# linux/input.h len
EVIOCGNAME out E 0x06
EVIOCGPHYS out E 0x07
EVIOCGUNIQ out E 0x08
EVIOCGPROP out E 0x09
EVIOCGMTSLOTS out E 0x0a
EVIOCGKEY out E 0x18
EVIOCGLED out E 0x19
EVIOCGSND out E 0x1a
EVIOCGSW out E 0x1b
# linux/input.h ev len
EVIOCGBIT out E 0x20
# linux/input.h abs
EVIOCGABS out E 0x40
EVIOCSABS in E 0xc0
# linux/uinput.h len
UI_GET_SYSNAME out U 44
# linux/joystick.h len
JSIOCGNAME out j 0x13
# linux/hidraw.h len
HIDIOCGRAWNAME out H 0x04
HIDIOCGRAWPHYS out H 0x05
HIDIOCGRAWUNIQ out H 0x08
HIDIOCSFEATURE inout H 0x06
HIDIOCGFEATURE inout H 0x07
HIDIOCSINPUT inout H 0x09
HIDIOCGINPUT inout H 0x0a
HIDIOCSOUTPUT inout H 0x0b
HIDIOCGOUTPUT inout H 0x0c
# linux/hiddev.h len
HIDIOCGNAME out H 0x06
HIDIOCGPHYS out H 0x12
# linux/usbdevice_fs.h len
USBDEVFS_CONNINFO_EX out U 32
# linux/vboxguest.h s
VBG_IOCTL_VMMDEV_REQUEST inout V 2
VBG_IOCTL_HGCM_CALL_32 inout V 6
VBG_IOCTL_HGCM_CALL_64 inout V 7
# linux/spi/spidev.h N
SPI_IOC_MESSAGE in k 0
"""
_SPI_TRANSFER = 32  # bytes of struct spi_ioc_transfer


def names() -> list[str]:
    """The names of all macros."""
    return [line.split()[0] for line in _lines() if not line.startswith("#")]


def find(name: str) -> Callable[..., Request] | None:
    """The function of a macro; None if there is no such macro."""
    header, parameters = "", ""
    for line in _lines():
        if line.startswith("#"):
            header, _, parameters = line[2:].partition(" ")
        elif line.startswith(f"{name} "):
            _, direction, letter, number = line.split()
            made = _KINDS[parameters](name, header, direction, letter, int(number, 0))
            made.__name__ = made.__qualname__ = name
            made.__module__ = "pysys.ioctls"
            made.__doc__ = (
                f"The request {name}({parameters.replace(' ', ', ')}) of {header}.\n\n{_TEXTS[parameters]}"
            )
            return made
    return None


def _lines() -> list[str]:
    return _MACROS.strip().split("\n")


def _request(
    name: str,
    header: str,
    direction: str,
    letter: str,
    number: int,
    about: int | str,
    size: int,
    abi: str | ABI | None,
) -> Request:
    """The request that a macro with these arguments is; about: the structure, or of how many bytes."""
    found = IOC(direction, letter, number, size, abi=abi)
    structure = about if isinstance(about, str) else f"__u8[{about}]"
    return Request(found, name, header, structure, found.abi)


def _of_length(name: str, header: str, direction: str, letter: str, number: int) -> Callable[..., Request]:
    def macro(len: int, *, abi: str | ABI | None = None) -> Request:
        return _request(f"{name}({len})", header, direction, letter, number, len, len, abi)

    return macro


def _of_size(name: str, header: str, direction: str, letter: str, number: int) -> Callable[..., Request]:
    def macro(s: int, *, abi: str | ABI | None = None) -> Request:
        return _request(f"{name}({s})", header, direction, letter, number, s, s, abi)

    return macro


def _of_events(name: str, header: str, direction: str, letter: str, number: int) -> Callable[..., Request]:
    def macro(ev: int, len: int, *, abi: str | ABI | None = None) -> Request:
        return _request(f"{name}({ev}, {len})", header, direction, letter, number + ev, len, len, abi)

    return macro


def _of_an_axis(name: str, header: str, direction: str, letter: str, number: int) -> Callable[..., Request]:
    def macro(abs: int, *, abi: str | ABI | None = None) -> Request:
        return _request(f"{name}({abs})", header, direction, letter, number + abs, "input_absinfo", 24, abi)

    return macro


def _of_transfers(name: str, header: str, direction: str, letter: str, number: int) -> Callable[..., Request]:
    def macro(N: int, *, abi: str | ABI | None = None) -> Request:  # noqa: N803  # the kernel's name
        size = N * _SPI_TRANSFER
        found = IOC(direction, letter, number, 0, abi=abi)
        most = load("pysys.parameters.requests").largest(get(found.abi).architecture)
        # The macro gives a size of 0 for what does not fit.
        return _request(
            f"{name}({N})", header, direction, letter, number, size, size if size <= most else 0, abi
        )

    return macro


_KINDS = {"len": _of_length, "s": _of_size, "ev len": _of_events, "abs": _of_an_axis, "N": _of_transfers}
_ABI = "abi: the name or alias of an ABI, or an ABI; None: that of this process.\n\nReturns a Request."
_TEXTS = {
    "len": f"len: bytes of the memory.\n{_ABI}",
    "s": f"s: bytes of the memory.\n{_ABI}",
    "ev len": f"ev: a kind of event, EV_*; 0: which kinds there are. len: bytes of the memory.\n{_ABI}",
    "abs": f"abs: an axis, ABS_*.\n{_ABI}",
    "N": f"N: how many transfers, each a struct spi_ioc_transfer.\n{_ABI}",
}
