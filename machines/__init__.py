"""Machines that the tests run on."""
