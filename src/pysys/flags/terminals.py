"""Flag types of terminals: what a termios holds, and arguments of requests of ioctl.

Values are those of ``asm/termbits.h`` and ``asm/termios.h``, which differ much between
architectures.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag
from pysys.flags.values import here, value

_HERE = here()


class TerminalInput(DocumentedFlag):
    """c_iflag of a termios: what happens to input.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    IGNBRK = 1, "Ignore breaks."
    BRKINT = 2, "A break is SIGINT."
    IGNPAR = 4, "Ignore characters with wrong parity."
    PARMRK = 8, "Mark characters with wrong parity, by 0xFF 0."
    INPCK = 0x10, "Check parity."
    ISTRIP = 0x20, "Clear the eighth bit."
    INLCR = 0x40, "A newline becomes a carriage return."
    IGNCR = 0x80, "Ignore carriage returns."
    ICRNL = 0x100, "A carriage return becomes a newline."
    IUCLC = value("IUCLC"), "Upper case becomes lower case."
    IXON = value("IXON"), "Flow control of output, by ^S and ^Q."
    IXANY = 0x800, "Any character lets output go on."
    IXOFF = value("IXOFF"), "Flow control of input, by ^S and ^Q."
    IMAXBEL = value("IMAXBEL"), "Ring when there is too much."
    IUTF8 = value("IUTF8"), "Input is UTF-8: erasing takes a character. Since Linux 2.6.4."


class TerminalOutput(DocumentedFlag):
    """c_oflag of a termios: what happens to output. Since Linux 2.4 or earlier."""

    OPOST = 1, "Do what follows."
    OLCUC = value("OLCUC"), "Lower case becomes upper case."
    ONLCR = value("ONLCR"), "A newline becomes carriage return and newline."
    OCRNL = 8, "A carriage return becomes a newline."
    ONOCR = 0x10, "No carriage return at the beginning of a line."
    ONLRET = 0x20, "A newline does a carriage return, too."
    OFILL = 0x40, "Delay by characters. Without effect."
    OFDEL = 0x80, "These are DEL. Without effect."
    NLDLY = value("NLDLY"), "The delay of newlines."
    NL1 = 0x100, "A delay."
    CRDLY = value("CRDLY"), "The delay of carriage returns."
    CR1 = value("CR1"), "A delay."
    CR2 = value("CR2"), "A delay."
    CR3 = value("CR3"), "A delay."
    TABDLY = value("TABDLY"), "The delay of tabs."
    TAB1 = value("TAB1"), "A delay."
    TAB2 = value("TAB2"), "A delay."
    TAB3 = value("TAB3"), "Tabs become spaces."
    XTABS = value("XTABS"), "Tabs become spaces."
    BSDLY = value("BSDLY"), "The delay of backspaces."
    BS1 = value("BS1"), "A delay."
    VTDLY = value("VTDLY"), "The delay of vertical tabs."
    VT1 = value("VT1"), "A delay."
    FFDLY = value("FFDLY"), "The delay of form feeds."
    FF1 = value("FF1"), "A delay."
    NL0 = 0, "No delay."
    CR0 = NL0
    TAB0 = NL0
    BS0 = NL0
    VT0 = NL0
    FF0 = NL0


class TerminalControl(DocumentedFlag):
    """c_cflag of a termios: the line. Since Linux 2.4 or earlier, unless a member says otherwise."""

    CBAUD = value("CBAUD"), "The speed: a TerminalSpeed."
    CBAUDEX = value("CBAUDEX"), "The bit of CBAUD that higher speeds have; 0 on powerpc and alpha."
    CSIZE = value("CSIZE"), "How many bits a character has: CS5 to CS8."
    CS6 = value("CS6"), "6 bits."
    CS7 = value("CS7"), "7 bits."
    CS8 = value("CS8"), "8 bits."
    CS5 = 0, "5 bits."
    CSTOPB = value("CSTOPB"), "Two stop bits."
    CREAD = value("CREAD"), "Receive."
    PARENB = value("PARENB"), "A parity bit."
    PARODD = value("PARODD"), "Odd parity."
    HUPCL = value("HUPCL"), "Hang up when the last descriptor is closed."
    CLOCAL = value("CLOCAL"), "Do not look at the modem's lines."
    CIBAUD = value("CIBAUD"), "The speed of input, if it is another: a TerminalSpeed << IBSHIFT."
    ADDRB = (
        0x20000000,
        "The address bit of RS-485: c_cflag of a termios2. Since Linux 6.0.",
    )
    CMSPAR = 0x40000000, "The parity bit is always the same."
    CRTSCTS = 0x80000000, "Flow control by the lines RTS and CTS."


class TerminalLocal(DocumentedFlag):
    """c_lflag of a termios: lines, echo and signals.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    ISIG = value("ISIG"), "Characters send signals: ^C, ^\\ and ^Z."
    ICANON = value("ICANON"), "Input comes in lines that can be edited."
    XCASE = value("XCASE"), "Without effect."
    ECHO = 8, "Show what is typed."
    ECHOE = value("ECHOE"), "Erasing erases what is shown."
    ECHOK = value("ECHOK"), "Killing a line begins a new one."
    ECHONL = value("ECHONL"), "Show newlines also without ECHO."
    NOFLSH = value("NOFLSH"), "Signals do not throw input and output away."
    TOSTOP = value("TOSTOP"), "SIGTTOU for output from the background."
    ECHOCTL = value("ECHOCTL"), "Show control characters as ^X."
    ECHOPRT = value("ECHOPRT"), "Show what is erased."
    ECHOKE = value("ECHOKE"), "Killing a line erases what is shown."
    FLUSHO = value("FLUSHO"), "Output is thrown away. Without effect."
    PENDIN = value("PENDIN"), "Without effect."
    IEXTEN = value("IEXTEN"), "Further characters of control: word, line, next."
    EXTPROC = (
        value("EXTPROC"),
        "The other end of a pseudoterminal does the editing. Since Linux 3.3 or earlier.",
    )


class TerminalSpeed(DocumentedEnum):
    """The speed of a line, in c_cflag of a termios: CBAUD of it.

    Python's termios has them as ispeed and ospeed. Since Linux 2.4 or earlier, unless a member says
    otherwise.
    """

    B0 = 0, "Hang up."
    B50 = 1, "50 bits in a second."
    B75 = 2, "75 bits in a second."
    B110 = 3, "110 bits in a second."
    B134 = 4, "134.5 bits in a second."
    B150 = 5, "150 bits in a second."
    B200 = 6, "200 bits in a second."
    B300 = 7, "300 bits in a second."
    B600 = 8, "600 bits in a second."
    B1200 = 9, "1200 bits in a second."
    B1800 = 10, "1800 bits in a second."
    B2400 = 11, "2400 bits in a second."
    B4800 = 12, "4800 bits in a second."
    B9600 = 13, "9600 bits in a second."
    B19200 = 14, "19200 bits in a second."
    B38400 = 15, "38400 bits in a second."
    B57600 = value("B57600"), "57600 bits in a second."
    B115200 = value("B115200"), "115200 bits in a second."
    B230400 = value("B230400"), "230400 bits in a second."
    B460800 = value("B460800"), "460800 bits in a second."
    B500000 = value("B500000"), "500000 bits in a second."
    B576000 = value("B576000"), "576000 bits in a second."
    B921600 = value("B921600"), "921600 bits in a second."
    B1000000 = value("B1000000"), "1000000 bits in a second."
    B1152000 = value("B1152000"), "1152000 bits in a second."
    B1500000 = value("B1500000"), "1500000 bits in a second."
    B2000000 = value("B2000000"), "2000000 bits in a second."
    BOTHER = value("BOTHER"), "Another: c_ospeed of a termios2 is the number. Since Linux 2.6.24 or earlier."
    if _HERE in ("sparc", "sparc64"):
        B76800 = 0x1005, "76800 bits in a second. sparc. Since Linux 2.4 or earlier."
        B153600 = 0x1006, "153600 bits in a second. sparc. Since Linux 2.4 or earlier."
        B307200 = 0x1007, "307200 bits in a second. sparc. Since Linux 2.4 or earlier."
        B614400 = 0x1008, "614400 bits in a second. sparc. Since Linux 2.4 or earlier."
    else:
        B2500000 = value("B2500000"), "2500000 bits in a second. Not on sparc. Since Linux 2.4 or earlier."
        B3000000 = value("B3000000"), "3000000 bits in a second. Not on sparc. Since Linux 2.4 or earlier."
        B3500000 = value("B3500000"), "3500000 bits in a second. Not on sparc. Since Linux 2.4 or earlier."
        B4000000 = value("B4000000"), "4000000 bits in a second. Not on sparc. Since Linux 2.4 or earlier."


class TerminalCharacter(DocumentedEnum):
    """The place of a character in c_cc of a termios.

    VMIN and VTIME are numbers, and on some architectures share a place. Since Linux 2.4 or earlier.
    """

    VINTR = value("VINTR"), "SIGINT: ^C."
    VQUIT = value("VQUIT"), "SIGQUIT."
    VERASE = value("VERASE"), "Erase a character."
    VKILL = value("VKILL"), "Erase a line."
    VEOF = value("VEOF"), "The end: ^D."
    VMIN = value("VMIN"), "How many characters a read waits for, without ICANON."
    VTIME = value("VTIME"), "Tenths of a second that a read waits, without ICANON."
    VEOL = value("VEOL"), "An end of a line besides newline."
    VEOL2 = value("VEOL2"), "A second one."
    VSWTC = value("VSWTC"), "Without effect."
    VSTART = value("VSTART"), "Output goes on: ^Q."
    VSTOP = value("VSTOP"), "Output stops: ^S."
    VSUSP = value("VSUSP"), "SIGTSTP: ^Z."
    VREPRINT = value("VREPRINT"), "Show the line again: ^R."
    VDISCARD = value("VDISCARD"), "Throw output away. Without effect."
    VWERASE = value("VWERASE"), "Erase a word: ^W."
    VLNEXT = value("VLNEXT"), "Take the next character as it is: ^V."


class TerminalShift(DocumentedEnum):
    """What brings a TerminalSpeed to the place of CIBAUD."""

    IBSHIFT = 16, "Bits to the left. Since Linux 2.6.18 or earlier."


class TerminalActions(DocumentedEnum):
    """When tcsetattr changes a terminal.

    The kernel has a request for each: TCSETS, TCSETSW, TCSETSF. Since Linux 2.4 or earlier.
    """

    TCSANOW = value("TCSANOW"), "Now."
    TCSADRAIN = value("TCSADRAIN"), "When all was sent."
    TCSAFLUSH = value("TCSAFLUSH"), "When all was sent; input is thrown away."


class TerminalQueue(DocumentedEnum):
    """What is thrown away: the argument of TCFLSH. Since Linux 2.4 or earlier."""

    TCIFLUSH = 0, "Input."
    TCOFLUSH = 1, "Output."
    TCIOFLUSH = 2, "Both."


class TerminalFlow(DocumentedEnum):
    """What stops or goes on: the argument of TCXONC. Since Linux 2.4 or earlier."""

    TCOOFF = 0, "Output stops."
    TCOON = 1, "Output goes on."
    TCIOFF = 2, "Send ^S."
    TCION = 3, "Send ^Q."


class ModemLines(DocumentedFlag):
    """The lines of a modem: TIOCMGET, TIOCMSET, TIOCMBIS, TIOCMBIC, TIOCMIWAIT.

    Since Linux 2.4 or earlier.
    """

    TIOCM_LE = 1, "Line enabled."
    TIOCM_DTR = 2, "Data terminal ready."
    TIOCM_RTS = 4, "Request to send."
    TIOCM_ST = value("TIOCM_ST"), "Secondary transmit."
    TIOCM_SR = value("TIOCM_SR"), "Secondary receive."
    TIOCM_CTS = value("TIOCM_CTS"), "Clear to send."
    TIOCM_CAR = value("TIOCM_CAR"), "Carrier."
    TIOCM_CD = TIOCM_CAR
    TIOCM_RNG = value("TIOCM_RNG"), "Ring."
    TIOCM_RI = TIOCM_RNG
    TIOCM_DSR = value("TIOCM_DSR"), "Data set ready."
    TIOCM_OUT1 = 0x2000, "A free output."
    TIOCM_OUT2 = 0x4000, "A free output; on PCs, it lets interrupts through."
    TIOCM_LOOP = 0x8000, "Input is what is sent."


class PacketModeStatus(DocumentedFlag):
    """The first byte of a read from a pseudoterminal's master after TIOCPKT.

    Since Linux 2.4 or earlier, unless a member says otherwise.
    """

    TIOCPKT_DATA = 0, "Data follows."
    TIOCPKT_FLUSHREAD = 1, "Input was thrown away."
    TIOCPKT_FLUSHWRITE = 2, "Output was thrown away."
    TIOCPKT_STOP = 4, "Output was stopped."
    TIOCPKT_START = 8, "Output goes on."
    TIOCPKT_NOSTOP = 0x10, "^S and ^Q no longer control the flow."
    TIOCPKT_DOSTOP = 0x20, "^S and ^Q control the flow."
    TIOCPKT_IOCTL = 0x40, "EXTPROC or another setting changed. Since Linux 2.4 or earlier."
