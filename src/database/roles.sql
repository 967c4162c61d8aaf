-- The roles of Quorate and what each may be. Needs PostgreSQL 16 or newer and a superuser; safe to run again at any time.
--
-- With a PostgreSQL of your own, once for each database (name it as you like):
--
--   createdb --encoding=UTF8 --template=template0 quorate
--   psql --dbname=quorate --single-transaction --set=ON_ERROR_STOP=1 --file=roles.sql
--
-- then give the roles that sign in a password of their own, and no role a second one's:
--
--   ALTER ROLE quorate_migrate PASSWORD '...';   -- DATABASE_OWNER_URL, used while migrating and never by the running service
--   ALTER ROLE quorate_app     PASSWORD '...';   -- DATABASE_URL
--   ALTER ROLE quorate_mail    PASSWORD '...';   -- DATABASE_MAIL_URL; without it the mail worker signs in as quorate_app
--   ALTER ROLE quorate_audit   PASSWORD '...';   -- only for people who verify the audit
--
-- psql's \password does the same without leaving the password in a log. No other step needs the superuser again.
--
--   quorate_owner    cannot sign in; owns the schema and every table
--   quorate_guard    cannot sign in; owns the few functions that do more than their caller may (SECURITY DEFINER)
--   quorate_migrate  signs in to migrate, then does SET ROLE quorate_owner
--   quorate_app      the running service: no DDL, bound by row-level security
--   quorate_mail     the mail worker: recipients and rendered messages, no case rows
--   quorate_audit    reads and verifies the audit, nothing else

DO $$
BEGIN
  IF current_setting('server_version_num')::int < 160000 THEN
    RAISE EXCEPTION 'Quorate needs PostgreSQL 16 or newer; this is %.', current_setting('server_version');
  END IF;
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'The database % has the encoding %; create it with --encoding=UTF8 --template=template0.',
      current_database(), current_setting('server_encoding');
  END IF;
END
$$;

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['quorate_owner', 'quorate_guard'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
    END IF;
  END LOOP;
  FOREACH wanted IN ARRAY ARRAY['quorate_migrate', 'quorate_app', 'quorate_mail', 'quorate_audit'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', wanted);
    END IF;
  END LOOP;
END
$$;

-- A role that skips row-level security would make every policy a decoration: better no service than that one.
DO $$
DECLARE
  wrong text;
BEGIN
  SELECT string_agg(rolname, ', ' ORDER BY rolname) INTO wrong FROM pg_roles
    WHERE rolname IN ('quorate_owner', 'quorate_guard', 'quorate_migrate', 'quorate_app', 'quorate_mail', 'quorate_audit')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'These roles may more than they should: %.', wrong
      USING HINT = 'ALTER ROLE ... NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;';
  END IF;
END
$$;

-- Becoming another role is always a visible SET ROLE, never a silent inheritance.
GRANT quorate_owner TO quorate_migrate WITH INHERIT FALSE, SET TRUE;
GRANT quorate_guard TO quorate_owner WITH INHERIT FALSE, SET TRUE;
GRANT quorate_mail TO quorate_app WITH INHERIT FALSE, SET TRUE;

-- A request is answered in seconds or not at all. Migrations may take long, but must not make everybody queue for a lock.
ALTER ROLE quorate_app SET statement_timeout = '5s';
ALTER ROLE quorate_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE quorate_mail SET statement_timeout = '5s';
ALTER ROLE quorate_mail SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE quorate_audit SET statement_timeout = '5min';
ALTER ROLE quorate_audit SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE quorate_audit SET default_transaction_read_only = on;
ALTER ROLE quorate_migrate SET statement_timeout = 0;
ALTER ROLE quorate_migrate SET lock_timeout = '3s';

-- Sessions of one role see each other's statements in pg_stat_activity; the service's carry who is acting.
DO $$
BEGIN
  ALTER ROLE quorate_app SET track_activities = off;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'track_activities stays on for quorate_app: only a superuser may switch it off.';
END
$$;

DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO quorate_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO quorate_migrate, quorate_app, quorate_mail, quorate_audit', current_database());
END
$$;

-- The guard creates nothing by itself: a function can be handed to it only where it might have created one.
ALTER SCHEMA public OWNER TO quorate_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO quorate_guard;
GRANT USAGE ON SCHEMA public TO quorate_migrate, quorate_app, quorate_mail, quorate_audit;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
