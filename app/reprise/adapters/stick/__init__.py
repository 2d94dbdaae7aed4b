"""The stick: its data partition, found, made and kept mounted; and new sticks."""
