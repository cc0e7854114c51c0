"""`make containers`: the compose file with a real engine, in a network of its own, on stand-in bases of Debian's packages."""
