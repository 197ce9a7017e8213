"""What tests do not check: what is built, C code under valgrind, tables and flags by a kernel's source."""
