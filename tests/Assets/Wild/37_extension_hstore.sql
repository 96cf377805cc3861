-- Attributes in hstore from before jsonb, with GIN and GiST indexes; the extension is created again by a later file, guarded.
CREATE EXTENSION hstore;

CREATE TABLE gadgets (
    gadget_id serial NOT NULL,
    attrs hstore DEFAULT ''::hstore NOT NULL,
    history hstore[],
    CONSTRAINT gadgets_pkey PRIMARY KEY (gadget_id),
    CONSTRAINT gadgets_colour CHECK (NOT attrs ? 'color')
);
CREATE INDEX gadgets_attrs_gin ON gadgets USING gin (attrs);
CREATE INDEX gadgets_attrs_gist ON gadgets USING gist (attrs);
CREATE INDEX gadgets_brand ON gadgets ((attrs -> 'brand'));

CREATE EXTENSION IF NOT EXISTS hstore;

CREATE FUNCTION gadget_keys(gadgets) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT akeys($1.attrs)';

INSERT INTO gadgets (attrs) VALUES ('brand => Acme, weight => 3'), ('"used by" => "Ann \"the boss\""'), (DEFAULT);
UPDATE gadgets SET history = array_append(history, attrs), attrs = attrs || 'checked => yes' WHERE gadget_id = 1;
