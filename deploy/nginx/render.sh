#!/bin/sh
# Prints Jejak's site for nginx, made of jejak.conf.template beside this script and of these variables:
#   ALLOWED_HOSTS      host names with commas between, as Jejak has them
#   SITE_URL           where people reach the site, as Jejak has it; without TLS people are led there
#   MAX_UPLOAD_BYTES   the largest file, as Jejak has it (26214400)
#   WEB_SERVERS        where web processes listen, with spaces between (127.0.0.1:8000)
#   CERTIFICATE, CERTIFICATE_KEY   full paths (/etc/jejak/tls/fullchain.pem, /etc/jejak/tls/privkey.pem)
#   PAGES              the folder of pages that nginx itself shows (pages beside this script)
#   CLOSED             the folder in which deploy/maintenance.sh lays the page that closes the site (/etc/jejak/closed)
#   ACCESS_LOG, ERROR_LOG          full paths (/var/log/nginx/jejak.log, /var/log/nginx/jejak-error.log)
# A value that cannot be used ends it with a sentence.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

refuse() {
	echo "$1" >&2
	exit 1
}

# NAME VALUE PATTERN WHAT: end unless the whole value fits, which is one line.
demand() {
	case $2 in *"
"*) refuse "$1 holds more than one line: write $4." ;; esac
	printf '%s\n' "$2" | grep -Eqx "$3" || refuse "$1 is '$2': write $4."
}

hosts=$(printf '%s' "${ALLOWED_HOSTS:-}" | tr ',' ' ' | tr -s ' ' | sed 's/^ //; s/ $//')
site=${SITE_URL:-}
site=${site%/}
bytes=${MAX_UPLOAD_BYTES:-26214400}
servers=${WEB_SERVERS-127.0.0.1:8000}
certificate=${CERTIFICATE:-/etc/jejak/tls/fullchain.pem}
key=${CERTIFICATE_KEY:-/etc/jejak/tls/privkey.pem}
pages=${PAGES:-$here/pages}
closed=${CLOSED:-/etc/jejak/closed}
access_log=${ACCESS_LOG:-/var/log/nginx/jejak.log}
error_log=${ERROR_LOG:-/var/log/nginx/jejak-error.log}

demand ALLOWED_HOSTS "$hosts" '([][A-Za-z0-9.:-]+)( [][A-Za-z0-9.:-]+)*' 'the host names that people type, with commas between'
demand SITE_URL "$site" 'https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]+)?' 'https:// and the host under which people reach the site'
demand MAX_UPLOAD_BYTES "$bytes" '[0-9]{4,10}' 'a whole number from 1024 to 1073741824'
# None at all is possible for a moment: then every page says so.
demand WEB_SERVERS "$servers" '([A-Za-z0-9.-]+:[0-9]+( [A-Za-z0-9.-]+:[0-9]+)*)?' 'host:port of each web process, with spaces between'
for path in "$certificate" "$key" "$pages" "$closed" "$access_log" "$error_log"; do
	demand "A path" "$path" '/[A-Za-z0-9/._-]+' 'full paths without spaces'
done

# A request that breaks its web off is asked for twice at most, so it alone takes no web out of the row.
lines=
for server in $servers; do
	lines="$lines server $server max_fails=5 fail_timeout=2s;"
done
# No server at all would stop nginx; where nobody listens it answers 502.
lines=${lines:- server 127.0.0.1:9;}
# Where the kernel has no IPv6, nginx would not start.
ipv6='# '
[ ! -e /proc/net/if_inet6 ] || ipv6=

sed -e "s|\${SERVERS}|${lines# }|" \
	-e "s|\${IPV6}|$ipv6|" \
	-e "s|\${SERVER_NAMES}|$hosts|g" \
	-e "s|\${SITE_URL}|$site|" \
	-e "s|\${ACCESS_LOG}|$access_log|" \
	-e "s|\${ERROR_LOG}|$error_log|" \
	-e "s|\${CERTIFICATE}|$certificate|" \
	-e "s|\${CERTIFICATE_KEY}|$key|" \
	-e "s|\${PAGES}|$pages|g" \
	-e "s|\${CLOSED}|$closed|g" \
	-e "s|\${MOST_BODY_BYTES}|$((bytes * 4 + 1048576))|" \
	"$here/jejak.conf.template"
