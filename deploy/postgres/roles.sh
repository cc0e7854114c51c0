#!/bin/sh
# Runs once, in an empty PostgreSQL: the owner of the tables, the web's role that owns nothing, and the database.
# The passwords come as OWNER_PASSWORD and WEB_PASSWORD, or in the files that OWNER_PASSWORD_FILE and WEB_PASSWORD_FILE name.
set -eu
export OWNER_PASSWORD="${OWNER_PASSWORD:-$(cat "$OWNER_PASSWORD_FILE")}"
export WEB_PASSWORD="${WEB_PASSWORD:-$(cat "$WEB_PASSWORD_FILE")}"
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner OWNER_PASSWORD
\getenv web WEB_PASSWORD
CREATE ROLE jejak_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE jejak_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'web';
-- For whoever comes through a pool of connections, which may refuse the limits with which a process begins its own.
ALTER ROLE jejak_web SET statement_timeout = '900s';
ALTER ROLE jejak_web SET lock_timeout = '60s';
ALTER ROLE jejak_web SET idle_in_transaction_session_timeout = '600s';
ALTER ROLE jejak_web SET client_connection_check_interval = '5s';
CREATE DATABASE jejak OWNER jejak_owner;
SQL
