"""`make fresh`: proves both commands of the README on a bare Debian, which it builds in a folder and removes again."""
