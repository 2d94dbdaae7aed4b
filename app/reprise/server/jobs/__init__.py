"""Work that no request waits for: it is asked for once, done by one process of one host at a time,
and taken up again where that one was killed."""
