"""What pyproject.toml cannot say: the extension is CFFI's, its wheel abi3, the reference made of pages."""

import os
import sys

from setuptools import setup

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import build_ffi
import build_reference

build_reference.main()

setup(
    cffi_modules=["build_ffi.py:ffibuilder"],
    options={} if build_ffi.FREE_THREADED else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
