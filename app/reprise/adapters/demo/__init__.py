"""The demonstration's hardware: recorded machines whose drives are played. What is done to them,
what is seen of it and what is said of it is the station's own code."""
