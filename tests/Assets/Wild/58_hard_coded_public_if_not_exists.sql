-- The same habit in a script that may run twice: everything in public, and only where it is not there yet.
CREATE TABLE IF NOT EXISTS public.feature_flags (
    name text PRIMARY KEY,
    enabled boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00'
);
CREATE INDEX IF NOT EXISTS feature_flags_enabled ON public.feature_flags (enabled);
CREATE SEQUENCE IF NOT EXISTS public.flag_audit_id_seq;
CREATE TABLE IF NOT EXISTS public.flag_audit (
    id bigint PRIMARY KEY DEFAULT nextval('public.flag_audit_id_seq'),
    name text REFERENCES public.feature_flags (name) ON DELETE CASCADE
);
ALTER TABLE public.feature_flags ADD COLUMN IF NOT EXISTS owner text NOT NULL DEFAULT 'nobody';
ALTER TABLE IF EXISTS public.retired_flags DROP COLUMN IF EXISTS owner;

CREATE OR REPLACE FUNCTION public.is_on(flag text) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT enabled FROM public.feature_flags WHERE name = flag), false) $$;

INSERT INTO public.feature_flags (name, enabled) VALUES ('dark-mode', true), ('beta', false) ON CONFLICT (name) DO NOTHING;
