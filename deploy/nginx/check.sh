#!/usr/bin/env bash
# Whether nginx answers, which leads everybody to TLS.
exec 3<>/dev/tcp/127.0.0.1/80
printf 'GET / HTTP/1.0\r\nHost: check\r\n\r\n' >&3
head --lines=1 <&3 | grep -q ' 301 '
