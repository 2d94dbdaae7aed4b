"""Function checks of the PC, one file a check: each implements ports.FunctionCheck."""
