"""Which stations may hand in reports, and the forms in which their keys come."""
