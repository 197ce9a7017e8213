"""Why a call failed, in this process: diagnose().

    from pysys import diagnose

    print(diagnose("openat", "EACCES", AT_FDCWD, "/etc/shadow", O_RDONLY))

Layout: `diagnosing` asks what looks at one area each: `filtered` whether a seccomp filter answered,
`descriptors` at what is open and at limits, `paths` and `refused` at what a path leads to (`walk`, `target`,
`permissions`, `mounts`, `interpreters`). `access` has what calls do with the file at the end of a path,
`arguments` reads what the call was made with, `finding` is what all of them give. Nothing here changes
anything.
"""

from pysys.diagnosis.failures.diagnosing import diagnose as diagnose
from pysys.diagnosis.failures.finding import Diagnosis as Diagnosis
from pysys.diagnosis.failures.finding import Finding as Finding
from pysys.diagnosis.failures.finding import Verdict as Verdict

__all__ = ["Diagnosis", "Finding", "Verdict", "diagnose"]
