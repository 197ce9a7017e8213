"""The reference: what pysys knows of every name in section 2."""

from pysys.metadata.load import UnknownPageError as UnknownPageError
from pysys.metadata.model import Cause as Cause
from pysys.metadata.model import Change as Change
from pysys.metadata.model import Condition as Condition
from pysys.metadata.model import Conforming as Conforming
from pysys.metadata.model import Containers as Containers
from pysys.metadata.model import Entry as Entry
from pysys.metadata.model import Example as Example
from pysys.metadata.model import Function as Function
from pysys.metadata.model import Item as Item
from pysys.metadata.model import Kept as Kept
from pysys.metadata.model import Page as Page
from pysys.metadata.model import Pitfall as Pitfall
from pysys.metadata.model import Related as Related
from pysys.metadata.model import Security as Security
from pysys.metadata.model import Signature as Signature
from pysys.metadata.model import Substitute as Substitute
from pysys.metadata.model import Term as Term
from pysys.metadata.overviews import Listing as Listing
from pysys.metadata.profiles import Argument as Argument
from pysys.metadata.profiles import Profile as Profile
from pysys.metadata.profiles import Rule as Rule
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
    "Argument",
    "Cause",
    "Change",
    "Condition",
    "Conforming",
    "Containers",
    "Entry",
    "Example",
    "Function",
    "Item",
    "Kept",
    "Listing",
    "Page",
    "Pitfall",
    "Profile",
    "Related",
    "Rule",
    "Security",
    "Signature",
    "Substitute",
    "Term",
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
