"""The mouse of the Linux console: the kernel tells what hands do, and draws the pointer; a console
by itself sends neither to the program on it."""
