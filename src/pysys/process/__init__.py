"""Process creation: fork, vfork, clone, clone3, spawn and Popen; Child, a process that spawn started."""
