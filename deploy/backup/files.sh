#!/bin/sh
# Backs up the stored files with restic. Evidence never changes, so that each run sends only what is new.
# The time of the backup is that of its beginning: whatever the database named by then, it has.
. "$(dirname "$0")/common.sh"
time=$(date '+%Y-%m-%d %H:%M:%S')
began="${time% *}T${time#* }+00:00"
[ ! -L "${MEDIA_ROOT:?write it in $BACKUP_ENV}" ] || fail "$MEDIA_ROOT is a link: write the folder itself in $BACKUP_ENV, or look who made it."
cd "$MEDIA_ROOT"
code=0
said=$(restic backup --json --quiet --host jejak --tag jejak --time "$time" --exclude "$MEDIA_ROOT/tmp" .) || code=$?
bytes=$(printf '%s\n' "$said" | sed -n 's/.*"data_added":\([0-9]*\).*/\1/p' | tail -n 1)
label=$(printf '%s\n' "$said" | sed -n 's/.*"snapshot_id":"\([0-9a-f]\{8\}\).*/\1/p' | tail -n 1)
note files "$began" "$code" "$bytes" "$label"
[ "$code" = 0 ] || exit "$code"
# Once a day, at three o'clock UTC, old backups go; on Sundays a part of the store is read again.
[ "$(date +%H)" = 03 ] || exit 0
restic forget --quiet --tag jejak --group-by tags --keep-within-hourly 3d --keep-within-daily 40d --keep-within-weekly 1y --prune
[ "$(date +%u)" != 7 ] || restic check --quiet --read-data-subset=5%
