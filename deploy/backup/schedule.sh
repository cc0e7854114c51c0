#!/bin/sh
# In a container, in place of timers: the files each hour; the database at the start, and each night after midnight in Kuala Lumpur.
. "$(dirname "$0")/common.sh"
PGPASSWORD=$(cat /run/secrets/postgres_password)
export PGPASSWORD
trap 'exit 0' TERM INT
# The store may be a folder, or one of another host by its address.
restic cat config >/dev/null 2>&1 || restic init --quiet
night=
while :; do
    today=$(TZ=Asia/Kuala_Lumpur date +%F)
    if [ "$night" != "$today" ] && sh "$(dirname "$0")/database.sh"; then night=$today; fi
    # The database can be restored to a second after its backup ended, and is to that in which the files' backup begins.
    sleep 2
    sh "$(dirname "$0")/files.sh" || say "The files could not be backed up."
    sleep $((3600 - $(date +%s) % 3600)) &
    wait $!
done
