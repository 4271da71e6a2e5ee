"""A policy as a file: what stands in it, how it is read, checked and written."""
