"""What this place allows, and why: facts that can be asked for one by one.

Each module has one kind: `filters` who answers a call, which `probes` shows; `programs` the filters of
another process, `profiles` whose default they resemble; `identity`, `capabilities`, `namespaces`, `cgroup`,
`limits`, `security`, `kernel`. `place` asks for all of them, which is pysys.probe(). None of them raises
because something is refused to it, changes anything, or guesses: a Fact has a value, or says why it is
unknown.
"""

from __future__ import annotations
