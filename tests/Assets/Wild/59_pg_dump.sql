-- The baseline that a team makes by dumping production on the day it takes up migrations; the search path is emptied first.
--
-- PostgreSQL database dump
--

\restrict K5hTq9dQWk2yq0eH

-- Dumped from database version 15.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';

CREATE FUNCTION public.film_count() RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ SELECT count(*) FROM public.film $$;

ALTER FUNCTION public.film_count() OWNER TO CURRENT_USER;

SET default_table_access_method = heap;

CREATE TABLE public.film (
    film_id integer NOT NULL,
    title character varying(255) DEFAULT 'untitled'::character varying NOT NULL,
    released date,
    rating numeric(3,1) DEFAULT 5.0
);

CREATE SEQUENCE public.film_film_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.film_film_id_seq OWNED BY public.film.film_id;
ALTER TABLE ONLY public.film ALTER COLUMN film_id SET DEFAULT nextval('public.film_film_id_seq'::regclass);

COPY public.film (film_id, title, released, rating) FROM stdin;
1	Metropolis	1927-01-10	8.3
2	M; or: \\N is not null	1931-05-11	8.3
3	Nosferatu	\N	\N
\.

SELECT pg_catalog.setval('public.film_film_id_seq', 3, true);

ALTER TABLE ONLY public.film
    ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);

\unrestrict K5hTq9dQWk2yq0eH
