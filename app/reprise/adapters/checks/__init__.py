"""Function checks of the PC, one file a check: each implements tool_ports.checks.FunctionCheck."""
