#!/bin/sh
# Closes the site for everybody with a page that says until when, in both languages, and opens it again (docs/upgrading.md).
#   sh deploy/maintenance.sh close 18:30       closed from now on, until about 18:30 of the machine's clock
#   sh deploy/maintenance.sh open
# nginx answers by itself: neither Jejak nor its database need be there. The page lies in a folder that belongs to no release (CLOSED,
# /etc/jejak/closed), so that an upgrade neither opens the site nor leaves it closed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${CLOSED:-/etc/jejak/closed}
page=$folder/maintenance.html

refuse() {
	echo "$1" >&2
	exit 2
}

# Whether the nginx of this machine, or its container, shows this very page when it lies there.
is_seen() {
	if [ -x "$here/../.venv/bin/python" ]; then
		nginx -T 2>/dev/null | grep -q -- "-f $folder/maintenance.html"
	else
		(cd "$here/.." && docker compose exec -T nginx sh -c \
			'grep -q -- "-f /etc/jejak/closed/maintenance.html" /tmp/site.conf && cat /etc/jejak/closed/maintenance.html') |
			cmp -s - "$page"
	fi
}

case "${1:-}" in
close)
	printf '%s\n' "${2:-}" | grep -Eqx '([01][0-9]|2[0-3]):[0-5][0-9]' || refuse "Write until when, for example close 18:30."
	mkdir -p "$folder"
	chmod 755 "$folder"
	# The page's two sentences that hold an hour.
	sed -e "s|<!--until-ms-->|Dijangka dibuka semula pada pukul $2.|" -e "s|<!--until-en-->|We expect to be back at $2.|" \
		"$here/nginx/pages/maintenance.html" >"$page.new"
	chmod 644 "$page.new"
	mv "$page.new" "$page"
	is_seen || refuse "The page lies in $folder, but the nginx that runs does not show it: put its site of this release in place (docs/upgrading.md), or start it."
	echo "Closed until about $2. Open it with: sh deploy/maintenance.sh open"
	;;
open)
	rm -f "$page"
	echo "Open."
	;;
*) refuse "Write close HH:MM, or open." ;;
esac
