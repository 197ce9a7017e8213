"""Makes the functions of pysys.calls: from a call's definition, or as the ABI and the kernel can make it."""
