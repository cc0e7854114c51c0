"""`make mutants`: mutmut changes the core a little each time, and the tests must notice."""
