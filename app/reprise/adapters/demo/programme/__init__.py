"""A year of one programme, made up: which PCs come, when, who works on them, and what is wrong with
them. What becomes of them is the station's own doing."""
