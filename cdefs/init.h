/* init: process 1 of a new PID namespace, whose only child that it made is the program. */
