#!/bin/sh
# Runs once, in an empty PostgreSQL: the owner of the tables, the web's role that owns nothing, and the database.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set web="$WEB_PASSWORD" <<'SQL'
CREATE ROLE jejak_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE jejak_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'web';
CREATE DATABASE jejak OWNER jejak_owner;
SQL
