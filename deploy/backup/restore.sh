#!/bin/sh
# Restores database and files to an empty host (docs/backups.md). Run as root; Jejak must not run.
#   restore.sh                                   to the newest moment of which every file is backed up
#   restore.sh --to '2026-11-29 10:00:00+08'     to the state of that second
#   restore.sh --to latest                       to the last change; files of the time since their newest backup may be missing
#   … --over                                     replaces a database that is there
#   … --keep-files                               leaves MEDIA_ROOT as it is: only the database was lost
. "$(dirname "$0")/common.sh"
to= over= keep_files=
while [ $# -gt 0 ]; do
    case "$1" in
        --to) to=${2:?say to which second}; shift ;;
        --over) over=yes ;;
        --keep-files) keep_files=yes ;;
        *) sed -n 's/^#   //p' "$0" >&2; exit 2 ;;
    esac
    shift
done
: "${PGDATA:?write it in $BACKUP_ENV}" "${MEDIA_ROOT:?write it in $BACKUP_ENV}"
: "${DATABASE_START:?write it in $BACKUP_ENV}" "${DATABASE_STOP:?write it in $BACKUP_ENV}"

[ -n "$keep_files" ] || plain_folder "$MEDIA_ROOT"

# Which backup of the files? The first that began at the wanted second or later; without one the newest.
snapshots=$(restic snapshots --compact --tag jejak | sed -n 's/^\([0-9a-f]\{8\}\)  *\([0-9-]\{10\} [0-9:]\{8\}\).*/\2 \1/p' | sort)
[ -n "$snapshots" ] || fail "There is no backup of the files in $RESTIC_REPOSITORY."
newest=$(printf '%s\n' "$snapshots" | tail -n 1)
case "$to" in
    '') chosen=$newest; to="${newest% *}+00"; say "To the newest moment of which every file is backed up: $to" ;;
    latest) chosen=$newest; say "To the last change. Files that came after ${newest% *} UTC may be missing." ;;
    *)
        second=$(date -d "$to" '+%Y-%m-%d %H:%M:%S') || fail "$to is no time: write it as '2026-11-29 10:00:00+08'."
        to="$second+00"
        chosen=$(printf '%s\n' "$snapshots" | awk -v wanted="$second" '$1 " " $2 >= wanted' | head -n 1)
        if [ -z "$chosen" ]; then
            chosen=$newest
            say "No backup of the files is that new: those that came after ${newest% *} UTC may be missing."
        fi ;;
esac

# The database.
if [ -e "$PGDATA/PG_VERSION" ]; then
    [ -n "$over" ] || fail "There is a database in $PGDATA: add --over to replace it."
    as_postgres sh -c "$DATABASE_STOP" || true
elif [ -d "$PGDATA" ] && [ -n "$(ls -A "$PGDATA")" ]; then
    fail "$PGDATA holds something that is no database: empty it first."
fi
(umask 022 && mkdir -p "$PGDATA" "$MEDIA_ROOT")
[ "$(id -u)" != 0 ] || chown postgres: "$PGDATA"
chmod 0700 "$PGDATA"

# bring_back MORE …: put the files of the database there.
bring_back() { as_postgres pgbackrest --stanza="$STANZA" --pg1-path="$PGDATA" ${over:+--delta} "$@" restore; }

# replayed: start the server and wait until it has replayed what was archived. Fails where it stops by itself.
replayed() {
    as_postgres sh -c "$DATABASE_START" || return 1
    misses=0
    while [ "$misses" -lt 10 ]; do
        case "$(as_postgres psql ${PGSOCKET:+-h "$PGSOCKET"} -d postgres -XAtc 'SELECT pg_is_in_recovery()' 2>/dev/null)" in
            f) return 0 ;;
            t) misses=0 ;;
            *) misses=$((misses + 1)) ;;
        esac
        sleep 1
    done
    return 1
}

if [ "$to" = latest ]; then
    bring_back
    replayed || fail "The database did not start: read its log."
else
    bring_back --type=time --target="$to" --target-action=promote
    if ! replayed; then
        # PostgreSQL ends when nothing was committed after the wanted second: then all that there is belongs to it.
        say "Nothing in the archive is later than $to, or the server stopped: once more, to the last change."
        over=yes
        as_postgres sh -c "$DATABASE_STOP" >/dev/null 2>&1 || true
        bring_back
        replayed || fail "The database did not start: read its log."
    fi
fi

# The files.
if [ -z "$keep_files" ]; then
    restic restore --quiet "${chosen##* }" --target "$MEDIA_ROOT"
    if [ -n "${MEDIA_OWNER:-}" ]; then chown -R "$MEDIA_OWNER" "$MEDIA_ROOT"; fi
fi
# In a container the database starts with the others.
if [ -n "${STOP_AFTERWARDS:-}" ]; then as_postgres sh -c "$DATABASE_STOP"; fi
say "Restored. E-mail is held back until an administrator releases it. Now:"
say "  1. start Jejak  2. jejak manage verify_audit  3. jejak manage verify_evidence  4. release e-mail"
