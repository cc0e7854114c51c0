#!/bin/sh
# Backs up the database with pgBackRest: whole when the newest whole backup is a week old, otherwise what changed since.
# All changes in between are archived by PostgreSQL itself (postgresql.conf beside this file). Runs as postgres or root.
. "$(dirname "$0")/common.sh"
began=$(date +%Y-%m-%dT%H:%M:%S+00:00)
code=0
as_postgres pgbackrest --stanza="$STANZA" stanza-create || code=$?
newest_full=$(as_postgres pgbackrest --stanza="$STANZA" info | sed -n 's/^ *full backup: \([0-9]\{8\}\)-.*/\1/p' | tail -n 1)
type=full
if [ "${newest_full:-0}" -gt "$(date -d '7 days ago' +%Y%m%d)" ]; then type=incr; fi
if [ "$code" = 0 ]; then
    as_postgres pgbackrest --stanza="$STANZA" --type="${1:-$type}" backup || code=$?
fi
about=$(as_postgres pgbackrest --stanza="$STANZA" --output=json info | tr -d '\n' || true)
bytes= label=
if [ "$code" = 0 ]; then
    bytes=$(printf '%s' "$about" | sed -n 's/.*"repository":{"delta":\([0-9]*\).*/\1/p')
    label=$(printf '%s' "$about" | sed -n 's/.*"label":"\([0-9A-Za-z_-]*\)".*/\1/p')
fi
note database "$began" "$code" "$bytes" "$label"
exit "$code"
