# Read by the scripts beside it: the settings, and the note that tells Jejak of a backup (docs/backups.md).
set -eu
umask 027
BACKUP_ENV=${BACKUP_ENV:-/etc/jejak/backup.env}
if [ -e "$BACKUP_ENV" ]; then
    set -a
    . "$BACKUP_ENV"
    set +a
fi
export TZ=UTC
STANZA=${STANZA:-jejak}

say() { printf '%s\n' "$*" >&2; }

# fail SENTENCE: say what is wrong, and end.
fail() {
    say "$*"
    exit 1
}

# as_postgres COMMAND …: pgBackRest and PostgreSQL do not run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; else "$@"; fi
}

# note KIND BEGAN EXIT_CODE BYTES LABEL: leave a note, whole or not at all. Jejak takes it up within five minutes.
# Jejak's user may write in that folder: what lies there is never written over or followed, and nothing is moved into it.
note() {
    [ -n "${BACKUP_NOTES:-}" ] || return 0
    draft="$BACKUP_NOTES/.$1.$$"
    rm -f "$draft" || true
    (
        umask 022
        set -C
        printf 'kind=%s\nbegan=%s\nended=%s\nexit_code=%s\nadded_bytes=%s\nlabel=%s\n' \
            "$1" "$2" "$(date +%Y-%m-%dT%H:%M:%S+00:00)" "$3" "${4:-0}" "${5:-}" > "$draft"
    ) || fail "There is something at $draft: nothing was noted."
    mv -T "$draft" "$BACKUP_NOTES/$2.$1.note"
}

# plain_folder FOLDER: end where it is a link, or where one lies in it. Jejak makes none, and root would follow it.
plain_folder() {
    link=$(find "$1" -type l 2>/dev/null | head -n 1)
    [ -z "$link" ] || fail "$link is a link, and Jejak makes none: look who did, and remove it."
}
