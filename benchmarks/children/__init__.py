"""What is measured, each module in a process of its own that `benchmarks.child` starts."""
