"""What fills databases, each module in a process of the owner; `benchmarks.databases` says which."""
