#!/bin/sh
# Starts the scanner in a container: signatures first where there are none, then every two hours, and clamd as the process whose
# end starts the container anew.
set -eu
fresh="freshclam --config-file=/etc/jejak/freshclam.conf --foreground --stdout"
while [ -z "$(find /var/lib/clamav -name '*.c[lv]d' -o -name '*.[hn]db')" ]; do
	$fresh && break
	echo "No signatures yet: trying again in a minute."
	sleep 60
done
$fresh --daemon --checks=12 &
rm -f /tmp/clamd.sock
exec clamd --foreground --config-file=/etc/clamav/clamd.conf
