-- Rewrite rules where others have triggers: a soft delete, an updatable view and an audit row, by a team that started with release 7.
CREATE TABLE account (
    id integer PRIMARY KEY,
    owner varchar(64) NOT NULL DEFAULT 'nobody',
    closed boolean NOT NULL DEFAULT false
);
CREATE TABLE account_log (
    account_id integer,
    what varchar(20),
    logged timestamp DEFAULT '2004-01-01 00:00:00'
);

CREATE RULE account_no_delete AS ON DELETE TO account
    DO INSTEAD (
        UPDATE account SET closed = true WHERE id = OLD.id AND NOT closed;
        INSERT INTO account_log (account_id, what) VALUES (OLD.id, 'closed');
    );
CREATE RULE account_logged AS ON UPDATE TO account WHERE OLD.owner <> NEW.owner
    DO ALSO INSERT INTO account_log (account_id, what) VALUES (NEW.id, 'owner');

CREATE VIEW open_account AS SELECT id, owner FROM account WHERE NOT closed;
CREATE RULE open_account_insert AS ON INSERT TO open_account
    DO INSTEAD INSERT INTO account (id, owner) VALUES (NEW.id, NEW.owner) RETURNING id, owner;
CREATE RULE open_account_delete AS ON DELETE TO open_account DO INSTEAD NOTHING;

INSERT INTO account (id, owner) VALUES (1, 'ann'), (2, 'bob'), (3, 'cid');
UPDATE account SET owner = 'bea' WHERE id = 2;
DELETE FROM account WHERE id = 3;
INSERT INTO open_account VALUES (4, 'dan');
ALTER TABLE account DISABLE RULE account_logged;
