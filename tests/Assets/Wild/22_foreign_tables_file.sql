-- A log file read as a table through file_fdw, also as a partition of a real one: an administrator's shortcut that went into the migrations.
create extension file_fdw;
create server log_files foreign data wrapper file_fdw;

create table log_lines (
    logged_on date not null,
    level text,
    message text
) partition by range (logged_on);

create table log_lines_2024 partition of log_lines for values from ('2024-01-01') to ('2025-01-01');

create foreign table log_lines_old partition of log_lines for values from (minvalue) to ('2024-01-01')
    server log_files options (filename '/dev/null', format 'csv', null '-');

create foreign table passwd_like (name text, shell text)
    server log_files options (filename '/dev/null', delimiter ':');

insert into log_lines values ('2024-02-03', 'warn', 'disk is nearly full'), ('2024-02-04', 'info', 'disk was cleaned');
