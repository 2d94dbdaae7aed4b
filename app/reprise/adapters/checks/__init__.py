"""Function checks of the PC, one file each: they implement ports.sheets.checks.FunctionCheck."""
