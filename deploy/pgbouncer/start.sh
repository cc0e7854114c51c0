#!/bin/sh
# Starts the pool in a container, before the server in DATABASE_SERVER (host:port), with the web's password from its file.
set -eu
umask 077
server=${DATABASE_SERVER:-postgres:5432}
password=$(cat /run/secrets/web_password)
printf '"jejak_web" "%s"\n' "$(printf '%s' "$password" | sed 's/"/""/g')" >/tmp/userlist.txt
sed -e "s|host=127.0.0.1 port=5432|host=${server%:*} port=${server##*:}|" \
	-e 's|^listen_addr = .*|listen_addr = 0.0.0.0\nunix_socket_dir =|' \
	-e 's|^auth_file = .*|auth_file = /tmp/userlist.txt|' \
	-e "s|^server_tls_sslmode = .*|server_tls_sslmode = ${DATABASE_TLS:-prefer}|" \
	/etc/jejak/pgbouncer.ini >/tmp/pgbouncer.ini
exec pgbouncer /tmp/pgbouncer.ini
