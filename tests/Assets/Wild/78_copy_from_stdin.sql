-- Reference data by COPY FROM stdin, in the text format, as CSV with a header, and with columns left out, pasted from an export.
CREATE TABLE currencies (
    code char(3) PRIMARY KEY,
    name text NOT NULL,
    digits smallint NOT NULL DEFAULT 2,
    note text
);
CREATE TABLE rates (
    id int GENERATED ALWAYS AS IDENTITY,
    code char(3) NOT NULL REFERENCES currencies,
    day date NOT NULL,
    rate numeric(12, 6) NOT NULL
);

ALTER TABLE currencies DISABLE TRIGGER ALL;

COPY currencies (code, name, digits, note) FROM stdin;
EUR	Euro	2	\N
JPY	Yen	0	no fractions; never
TND	Tunisian dinar	3	a tab\there and a backslash \\
XXX	\xe2\x82\xac sign	2	
\.

ALTER TABLE currencies ENABLE TRIGGER ALL;

copy rates (code, day, rate) from stdin with (format csv, header true, delimiter ';', null '-');
code;day;rate
EUR;2024-01-02;1
JPY;2024-01-02;"155.33"
\.

COPY rates (code, day, rate) FROM STDIN WITH DELIMITER AS '|' CSV QUOTE AS '"';
TND|2024-01-02|3.38
\.
COPY currencies (code, name) FROM stdin;
\.
