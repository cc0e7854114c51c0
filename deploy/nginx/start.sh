#!/bin/sh
# Starts nginx in a container. The webs are found by the name `web` every two seconds, however many there are; when they or the
# certificate change, nginx takes it up without dropping a request.
set -eu
here=/etc/jejak/nginx
user=www-data
! id nginx >/dev/null 2>&1 || user=nginx

webs() {
	getent ahostsv4 web | awk '{print $1 ":8000"}' | sort -u | tr '\n' ' ' | sed 's/ $//'
}

certificate() {
	cat "$CERTIFICATE" "$CERTIFICATE_KEY" | cksum
}

# Make the site anew; keep the one before where nginx cannot use the new one.
take_up() {
	WEB_SERVERS=$1 sh "$here/render.sh" >/tmp/site.new
	[ ! -e /tmp/site.conf ] || cp /tmp/site.conf /tmp/site.old
	cp /tmp/site.new /tmp/site.conf
	nginx -q -t -c "$here/nginx.conf" -g "user $user;" && return
	[ -e /tmp/site.old ] || return 1
	cp /tmp/site.old /tmp/site.conf
	return 1
}

servers=$(webs)
seal=$(certificate)
take_up "$servers"
nginx -c "$here/nginx.conf" -g "user $user; daemon off;" &
main=$!
trap 'kill -QUIT "$main" 2>/dev/null' TERM INT QUIT
while kill -0 "$main" 2>/dev/null; do
	sleep 2 &
	wait "$!" || true
	[ "$(webs)|$(certificate)" != "$servers|$seal" ] || continue
	servers=$(webs)
	seal=$(certificate)
	if take_up "$servers"; then
		echo "The webs are now: ${servers:-none}"
		kill -HUP "$main"
	fi
done
wait "$main"
