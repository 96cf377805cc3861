-- A conversion of encodings of the application's own, for a feed that a mainframe sends.
create conversion mainframe_feed for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
create conversion mainframe_back for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

create table feed_files (
    file_no int primary key,
    received date not null default '2024-01-01',
    content bytea not null default ''
);
create function feed_text(f feed_files) returns text language sql immutable as $$ select convert_from(f.content, 'LATIN1') $$;
insert into feed_files values (1, '2024-03-01', convert_to('Größe', 'LATIN1')), (2, '2024-03-02', '\xe4f6fc');
comment on conversion mainframe_feed is 'to the mainframe';
