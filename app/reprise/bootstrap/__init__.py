"""The only place that binds ports to adapters: a file for each subject. Imports of the adapters
stand in the functions, so that a command loads only what it needs."""
