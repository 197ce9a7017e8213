"""The site: the reference, the guides and the Python API as HTML; from the same sections, pages for man(1).

    python -m tools.site [FOLDER]     builds build/site

addresses.py knows where each name has its page, markup.py makes HTML of what pages consist of; calls.py,
terms.py, lists.py, abis.py, python_api.py and guides.py are kinds of pages, written.py writes them with the
templates; search.py has what the search needs, manual.py writes for man(1). Nothing of it is installed with
the package.
"""
