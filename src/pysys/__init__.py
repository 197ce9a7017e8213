"""The Linux system call interface for Python."""
