#!/bin/sh
# By the database's container, at its first start: a user of our own, as PostgreSQL's superuser walks
# through the walls between organisations.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username postgres <<'SQL'
CREATE USER reprise PASSWORD :'password';
CREATE DATABASE reprise OWNER reprise;
-- Who is in this container needs none; nobody else becomes superuser.
ALTER USER postgres PASSWORD NULL;
SQL
