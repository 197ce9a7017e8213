"""What pysys does with a call: makes it, makes another, refuses it, and makes it again after a signal."""
