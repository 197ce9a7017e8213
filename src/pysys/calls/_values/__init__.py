"""Values of Python for what the kernel has as bitmaps and as pairs of numbers."""
