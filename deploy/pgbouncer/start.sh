#!/bin/sh
# Starts the pool in a container, before the server in DATABASE_SERVER (host:port), with the web's password from its file.
set -eu
umask 077
server=${DATABASE_SERVER:-postgres:5432}
tls=${DATABASE_TLS:-prefer}
case "${server%:*} $tls" in
*.*" require" | *.*" verify-ca" | *.*" verify-full") ;;
*.*) echo "DATABASE_SERVER is another machine's, and DATABASE_TLS=$tls goes on without TLS: write DATABASE_TLS=verify-full." >&2; exit 1 ;;
esac
password=$(cat /run/secrets/web_password)
printf '"jejak_web" "%s"\n' "$(printf '%s' "$password" | sed 's/"/""/g')" >/tmp/userlist.txt
sed -e "s|host=127.0.0.1 port=5432|host=${server%:*} port=${server##*:}|" \
	-e 's|^listen_addr = .*|listen_addr = 0.0.0.0\nunix_socket_dir =|' \
	-e 's|^auth_file = .*|auth_file = /tmp/userlist.txt|' \
	-e "s|^server_tls_sslmode = .*|server_tls_sslmode = $tls\nserver_tls_ca_file = /etc/ssl/certs/ca-certificates.crt|" \
	/etc/jejak/pgbouncer.ini >/tmp/pgbouncer.ini
exec pgbouncer /tmp/pgbouncer.ini
