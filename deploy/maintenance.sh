#!/bin/sh
# Closes the site for everybody with a page that says until when, in both languages, and opens it again (docs/upgrading.md).
#   sh deploy/maintenance.sh close 18:30       closed from now on, until about 18:30 of the machine's clock
#   sh deploy/maintenance.sh open
# nginx answers by itself: neither Jejak nor its database need be there. PAGES is nginx's folder of pages, where it is another one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pages=${PAGES:-$here/nginx/pages}

refuse() {
	echo "$1" >&2
	exit 2
}

[ -d "$pages" ] || refuse "$pages is not there: write in PAGES where nginx has its pages."
case "${1:-}" in
close)
	printf '%s\n' "${2:-}" | grep -Eqx '([01][0-9]|2[0-3]):[0-5][0-9]' || refuse "Write until when, for example close 18:30."
	# The page's two sentences that hold an hour; they stand there without one while the site is open.
	sed -i -e "s|<!--until-ms-->[^<]*|<!--until-ms-->Dijangka dibuka semula pada pukul $2.|" \
		-e "s|<!--until-en-->[^<]*|<!--until-en-->We expect to be back at $2.|" "$pages/maintenance.html"
	touch "$pages/maintenance.on"
	echo "Closed until about $2. Open it with: sh deploy/maintenance.sh open"
	;;
open)
	rm -f "$pages/maintenance.on"
	sed -i -e "s|<!--until-\(..\)-->[^<]*|<!--until-\1-->|" "$pages/maintenance.html"
	echo "Open."
	;;
*) refuse "Write close HH:MM, or open." ;;
esac
