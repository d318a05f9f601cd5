#!/usr/bin/env bash
# Gives each service whose <SERVICE>_PASSWORD is set one role and one schema, with no rights on the others. PostgreSQL's image
# runs it once, on an empty data folder.
set -euo pipefail

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" << 'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
for password_variable in $(compgen -e | grep '_PASSWORD$' | grep -v '^POSTGRES_'); do
  service=${password_variable%_PASSWORD}
  service=${service,,}
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v role="$service" -v password="${!password_variable}" -v database="$POSTGRES_DB" << 'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE SCHEMA :"role" AUTHORIZATION :"role";
ALTER ROLE :"role" SET search_path = :"role";
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
done
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -v database="$POSTGRES_DB" << 'SQL'
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
SQL
