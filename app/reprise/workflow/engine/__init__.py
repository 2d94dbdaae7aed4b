"""The seam between the screen and the engine that erases (docs/decisions/0100-two-processes.md).

`port` says what a screen may see and ask. `engine` is the thing itself; `listener` and `client`
carry it over a link between two processes, in the lines of `protocol`.
"""
