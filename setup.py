"""What pyproject.toml cannot say: the extension is CFFI's, and its wheel is abi3."""

import os
import sys

from setuptools import setup

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import build_ffi

setup(
    cffi_modules=["build_ffi.py:ffibuilder"],
    options={} if build_ffi.FREE_THREADED else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
