-- Rooms that must not be booked twice at the same time: btree_gist and exclusion constraints, as a back-end team finds them in a blog post.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE rooms (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE bookings (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id   integer NOT NULL REFERENCES rooms (id),
    during    tsrange NOT NULL,
    cancelled boolean NOT NULL DEFAULT false,
    CONSTRAINT bookings_do_not_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&) WHERE (NOT cancelled),
    CONSTRAINT bookings_not_empty CHECK (NOT isempty(during))
);

CREATE TABLE maintenance (
    room_id integer NOT NULL,
    days    daterange NOT NULL,
    EXCLUDE USING gist (room_id WITH =, days WITH -|-) DEFERRABLE INITIALLY DEFERRED
);

INSERT INTO rooms (name) VALUES ('Aurora'), ('Borealis'), ('Cellar');
INSERT INTO bookings (room_id, during) VALUES
    (1, '[2024-03-01 09:00,2024-03-01 10:00)'),
    (1, '[2024-03-01 10:00,2024-03-01 11:30)'),
    (2, '[2024-03-01 09:00,2024-03-01 17:00)');
INSERT INTO bookings (room_id, during, cancelled) VALUES (2, '[2024-03-01 12:00,2024-03-01 13:00)', true);
INSERT INTO maintenance VALUES (3, '[2024-04-01,2024-04-03)');
