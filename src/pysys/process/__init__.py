"""Process creation: fork, vfork, clone, clone3 and spawn."""
