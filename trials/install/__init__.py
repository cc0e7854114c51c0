"""`make install-trial`: runs the commands of docs/install.md on a bare Debian, timed, until an administrator is signed in."""
