/* A listener of a seccomp filter that a child loads before its exec, handed to this process. C alone uses it. */
