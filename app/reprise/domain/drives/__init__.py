"""What is known of drives: what they can do, where they hang, what is on them, and which are
missing."""
