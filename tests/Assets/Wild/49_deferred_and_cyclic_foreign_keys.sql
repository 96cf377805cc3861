-- A department has a head, who belongs to a department; a comment has a parent: keys in cycles, deferred, and some added NOT VALID first.
BEGIN TRANSACTION;
CREATE TABLE department (id int PRIMARY KEY, name text NOT NULL, head_id int NOT NULL);
CREATE TABLE employee (
    id int PRIMARY KEY,
    name text NOT NULL,
    department_id int NOT NULL REFERENCES department (id) ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE INITIALLY IMMEDIATE,
    mentor_id int REFERENCES employee (id) ON DELETE SET NULL
);
ALTER TABLE department ADD CONSTRAINT department_head FOREIGN KEY (head_id) REFERENCES employee (id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO department VALUES (1, 'Sales', 10), (2, 'Lab', 20);
INSERT INTO employee VALUES (10, 'Ann', 1, NULL), (11, 'Bob', 1, 10), (20, 'Cid', 2, 11);
COMMIT;

CREATE TABLE comment_thread (
    tenant int NOT NULL,
    id int NOT NULL,
    parent_id int,
    author int,
    PRIMARY KEY (tenant, id),
    CONSTRAINT comment_parent FOREIGN KEY (tenant, parent_id) REFERENCES comment_thread (tenant, id) MATCH SIMPLE ON DELETE SET NULL (parent_id),
    UNIQUE NULLS NOT DISTINCT (tenant, parent_id, author) DEFERRABLE
);
INSERT INTO comment_thread VALUES (1, 1, NULL, 10), (1, 2, 1, 11), (1, 3, 2, 99);
ALTER TABLE comment_thread ADD CONSTRAINT comment_author FOREIGN KEY (author) REFERENCES employee (id) NOT VALID;
UPDATE comment_thread SET author = 20 WHERE author = 99;
ALTER TABLE comment_thread VALIDATE CONSTRAINT comment_author;
