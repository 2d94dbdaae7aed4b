"""Liars: whoever holds a station's key can sign any report. Genuine reports of simulated sessions
are altered by machine, in one word or in several, and none that contradicts itself may be called
erased. `simulation` shows that true reports are believed; this, that others are not."""
