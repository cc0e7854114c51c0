#!/bin/sh
# Stands in for the entry of the official image of PostgreSQL, in what the compose file asks of it.
set -eu
if [ "$(id -u)" = 0 ]; then
	install -d -o postgres -g postgres -m 700 "$PGDATA"
	chown postgres:postgres /run/postgresql
	exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -e "$PGDATA/PG_VERSION" ]; then
	# shellcheck disable=SC2086 # several options
	initdb --pgdata="$PGDATA" --username=postgres --auth-host=scram-sha-256 --auth-local=trust --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
	echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
	pg_ctl --pgdata="$PGDATA" --wait start -o "-c listen_addresses=''"
	for file in /docker-entrypoint-initdb.d/*.sh; do
		sh "$file"
	done
	pg_ctl --pgdata="$PGDATA" --wait stop
fi
exec "$@" -c "listen_addresses=*"
