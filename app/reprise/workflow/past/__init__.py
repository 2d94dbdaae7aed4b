"""What earlier sessions left, by their journals."""
