#!/bin/sh
# Makes what backups are encrypted with: restic's password in /etc/jejak/secrets (or SECRETS), and from pgbackrest.conf beside this
# file pgBackRest's configuration with its own. What is there already stays: by another word no backup could be read that was made.
#   secrets.sh /etc/pgbackrest.conf     where pgBackRest finds its configuration
set -eu
configuration=${1:?say where pgBackRest finds its configuration}
password=${SECRETS:-/etc/jejak/secrets}/restic_password
umask 077

# random BYTES: as one line.
random() { head -c "$1" /dev/urandom | base64 --wrap=0; }

if [ -s "$password" ]; then
    echo "kept $password"
else
    random 36 > "$password.new"
    mv "$password.new" "$password"
    echo "made $password"
fi
# The package of pgBackRest brings a configuration of its own, which encrypts nothing.
if grep -q '^repo1-cipher-pass=.' "$configuration" 2>/dev/null; then
    echo "kept $configuration"
else
    sed "s|^repo1-cipher-pass=.*|repo1-cipher-pass=$(random 48)|" "$(dirname "$0")/pgbackrest.conf" > "$configuration.new"
    mv "$configuration.new" "$configuration"
    echo "made $configuration"
fi
