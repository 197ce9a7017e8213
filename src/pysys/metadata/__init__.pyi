"""The reference: what pysys knows of every name in section 2."""

from pysys.metadata.load import UnknownPageError as UnknownPageError
from pysys.metadata.model import Page as Page
from pysys.metadata.query import by_abi as by_abi
from pysys.metadata.query import by_errno as by_errno
from pysys.metadata.query import by_number as by_number
from pysys.metadata.query import causes as causes
from pysys.metadata.query import export as export
from pysys.metadata.query import find as find
from pysys.metadata.query import page as page
from pysys.metadata.query import pages as pages
from pysys.metadata.query import search as search
from pysys.metadata.query import since as since
from pysys.metadata.query import terms as terms

__all__ = [
    "Page",
    "UnknownPageError",
    "by_abi",
    "by_errno",
    "by_number",
    "causes",
    "export",
    "find",
    "page",
    "pages",
    "search",
    "since",
    "terms",
]

def __dir__() -> list[str]: ...
