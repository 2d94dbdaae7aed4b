"""From the plan to erased drives."""
