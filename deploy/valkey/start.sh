#!/bin/sh
# Starts the broker in a container with its password, which is then in no list of processes. Nothing is kept on a disk: what
# a restart forgets, the schedule finds in the database.
set -eu
umask 077
cat >/tmp/valkey.conf <<END
requirepass $(cat /run/secrets/broker_password)
save ""
appendonly no
maxmemory 192mb
maxmemory-policy noeviction
dir /tmp
END
exec valkey-server /tmp/valkey.conf
