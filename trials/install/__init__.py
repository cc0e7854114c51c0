"""`make install-trial`: runs docs/install.md, backups.md and anchors.md on a bare Debian, timed, until all of it was lost and restored."""
