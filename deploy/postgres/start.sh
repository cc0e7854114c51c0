#!/bin/sh
# Starts PostgreSQL in a container; where DATABASE_SERVER names one elsewhere, none, and the check asks that one.
set -eu
if [ -n "${DATABASE_SERVER:-}" ]; then
	echo "The database is at $DATABASE_SERVER: no server starts here."
	exec sleep infinity
fi
# A statement or a row that was refused holds what people wrote, and hashes: neither goes into the log.
exec docker-entrypoint.sh postgres -c log_min_error_statement=panic -c log_error_verbosity=terse
