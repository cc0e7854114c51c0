"""`make upgrade`: the last release is put in place by this tree and back, process by process, while twenty people work."""
