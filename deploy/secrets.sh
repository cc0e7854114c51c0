#!/bin/sh
# Makes the files that docker-compose.yml hands to the containers as secrets, with random values, in the folder `secrets` beside
# docker-compose.yml (or SECRETS). What is there already stays: another value would lock everybody out.
#
# The folder is root's alone; inside, files are readable, so that each container's own user reads those it is given.
set -eu
folder=${SECRETS:-$(cd "$(dirname "$0")/.." && pwd)/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

# NAME BYTES: a file with so many random bytes as hexadecimal digits; empty with 0.
make() {
	if [ -e "$folder/$1" ]; then
		echo "kept $folder/$1"
		return
	fi
	if [ "$2" -gt 0 ]; then
		od -vAn -N"$2" -tx1 /dev/urandom | tr -d ' \n' >"$folder/$1.new"
	else
		: >"$folder/$1.new"
	fi
	chmod 444 "$folder/$1.new"
	mv "$folder/$1.new" "$folder/$1"
	echo "made $folder/$1"
}

make secret_key 40
make postgres_password 24
make owner_password 24
make web_password 24
make broker_password 24
make metrics_token 24
# To be filled in where they are needed: by hand, one line each.
make secret_key_fallbacks 0
make email_password 0
make oidc_client_secret 0
