"""`pysys errno`: what an errno means, which calls give it, and why one of them does."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

from pysys import errors, metadata
from pysys.cli.output import CommandError, UsageError, number_or_name
from pysys.metadata import load, query
from pysys.metadata.render import Items, Section, Text, causes, errno_numbers

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pysys.cli.output import Output
    from pysys.errors import SyscallError
    from pysys.metadata.model import Cause
    from pysys.metadata.render import Block


def run(options: Namespace, out: Output) -> int:
    """Show the errno, or with --call the causes."""
    cls = _find(number_or_name(options.errno))
    symbol = str(cls.symbol)
    text = " ".join(part for part in (symbol, cls.number and f"({cls.number})") if part)
    meaning = _meaning(cls)
    data: dict[str, Any] = {"name": symbol, "number": cls.number, "meaning": meaning}
    if options.here is not None:
        if options.call is None:
            raise UsageError("--here wants --call: which call gave it")
        return _here(options.call, symbol, options.here, out)
    if options.call is not None:
        found = _causes(options.call, symbol)
        data |= {"call": options.call, "causes": causes_data(found)}
        out.answer(data, Section(f"{text} from {options.call}", (causes(found),)))
        return 0
    explained, named = _calls(symbol)
    data |= {"numbers": load.errno_values(symbol), "calls": explained, "named_for": named}
    sections = [Section(text, tuple(Text(paragraph) for paragraph in meaning.split("\n\n")))]
    sections += errno_numbers(symbol)
    blocks: list[Block] = []
    if explained:
        blocks.append(Text(", ".join(explained)))
        blocks.append(Text(f"Why one of them gives it: `pysys errno {symbol} --call {explained[0]}`"))
    if named:
        blocks.append(Text(f"Named for it by manuals, causes still to come: {', '.join(named)}"))
    if blocks:
        sections.append(Section("CALLS", tuple(blocks)))
    out.answer(data, *sections)
    return 0


def _here(call: str, symbol: str, args: list[str], out: Output) -> int:
    """Show why a call with these arguments fails in this place."""
    from pysys.cli.arguments import argument
    from pysys.diagnosis.failures import diagnose

    try:
        found = diagnose(call, symbol, *map(argument, args))
    except (LookupError, TypeError) as error:
        raise CommandError(str(error.args[0])) from None
    lines = ((one, [one.sentence, *(f"{label}: {text}" for label, text in one.notes())]) for one in found)
    blocks = (Items(tuple((str(one.verdict), "\n\n".join(texts)) for one, texts in lines)),)
    out.answer(found.as_data(), Section(f"{symbol} from {call}, here", blocks))
    return 0


def explanation(error: SyscallError) -> tuple[Block, ...]:
    """What error.explain() says below its first line, for sections."""
    blocks: list[Block] = []
    if error.symbol is not None:
        blocks += [Text(paragraph) for paragraph in _meaning(type(error)).split("\n\n")]
    if error.causes:
        blocks += [Text(f"What makes {error.syscall} give {error.symbol}:"), causes(error.causes)]
    return tuple(blocks)


def causes_data(found: tuple[Cause, ...]) -> list[dict[str, str]]:
    """Causes for --json."""
    return [{"when": cause.when, "look": cause.look, "provoke": cause.provoke} for cause in found]


def _find(asked: int | str) -> type[SyscallError]:
    try:
        if isinstance(asked, int):
            return errors.by_number(abs(asked))  # the kernel's own results are negative
        return errors.by_name(asked.upper())
    except LookupError as error:
        message = str(error.args[0])
    if isinstance(asked, str) and asked in metadata.pages:
        message = f"{asked} is a call, not an errno\nIts errors: pysys man {asked}"
    raise CommandError(message)


def _meaning(cls: type[SyscallError]) -> str:
    """The class's docstring without its symbol."""
    return cleandoc(str(cls.__doc__ or "")).partition(": ")[2]


def _calls(symbol: str) -> tuple[list[str], list[str]]:
    """The calls whose pages have a cause, and the others for which manuals name the errno."""
    explained = [page.name for page in metadata.by_errno(symbol)]
    others = (page for page in metadata.pages.values() if page.name not in explained)
    named = [page.name for page in others if query.named(page, symbol)]
    return explained, named


def _causes(call: str, symbol: str) -> tuple[Cause, ...]:
    try:
        page = metadata.page(call)
    except metadata.UnknownPageError as error:
        raise CommandError(str(error)) from None
    if found := metadata.causes(call, symbol):
        return found
    if not page.errors:
        known = f"its page has no causes yet; manuals name {', '.join(page.documented) or 'no errno'}"
    else:
        known = f"it knows {', '.join(dict.fromkeys(cause.errno for cause in page.errors)) or 'none'}"
    raise CommandError(f"the reference knows no cause of {symbol} from {call}: {known}")
