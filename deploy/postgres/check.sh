#!/bin/sh
# Whether the database answers. Over TCP: while the roles are made, the server answers on its socket only.
server=${DATABASE_SERVER:-127.0.0.1:5432}
exec pg_isready --quiet --host="${server%:*}" --port="${server##*:}" --username=jejak_web --dbname=jejak
