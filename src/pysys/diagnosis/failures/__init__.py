"""Why a call failed, in this process: diagnose().

    from pysys import diagnose

    print(diagnose("openat", "EACCES", AT_FDCWD, "/etc/shadow", O_RDONLY))

`exc.diagnose()` of an exception comes to `kept`, which knows where the call was made.

Layout: `diagnosing` asks what looks at one area each: `filtered` whether a seccomp filter answered, `absent`
whether the kernel has the call, `descriptors` at what is open and at limits, `paths` and `refused` at what a
path leads to (`walk`, `target`, `permissions`, `mounts`, `interpreters`); `creation` at what limits processes
and threads (`tasks`), `combinations` at flags that exclude one another, `namespacing` and `joining` at
namespaces that are made or joined, `mounting`, `mountpoints` and `mountusers` at mounts (`mountinfo`),
`rooting` at chroot and pivot_root; `sockets`, `binding` and `connecting` at sockets (`endpoints`); `tracees`
and `signals` at other processes (`processes`); `memory`, `locking`, `mappings` and `sizes` at memory and
files; `priorities`, `raising`, `identities` and `sessions` at what a process may set of itself; `quotas` and
`switches` at what a user or the machine allows; `wanted` at the capabilities that calls ask for. `rights` and
`privileges` say which capabilities are there and over what, `access` has what calls do with the file at the
end of a path, `arguments` reads what the call was made with, `finding` is what all of them give. Nothing here
changes anything.
"""

from pysys.diagnosis.failures.access import USES as USES
from pysys.diagnosis.failures.diagnosing import AREAS as AREAS
from pysys.diagnosis.failures.diagnosing import diagnose as diagnose
from pysys.diagnosis.failures.diagnosing import found_by as found_by
from pysys.diagnosis.failures.finding import Diagnosis as Diagnosis
from pysys.diagnosis.failures.finding import Finding as Finding
from pysys.diagnosis.failures.finding import Verdict as Verdict
from pysys.diagnosis.failures.kept import of_exception as of_exception
from pysys.diagnosis.failures.processes import UNMAPPED as UNMAPPED

__all__ = ["Diagnosis", "Finding", "Verdict", "diagnose", "of_exception"]
