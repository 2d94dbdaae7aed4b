"""The whole of Reprise in one process on a simulated world: see docs/decisions/0197-simulation.md.

make simulate RUNS=2000 SEED=1 JOBS=2
"""
