alter table jobs add column priority int not null default 0;

drop index jobs_next;
create index jobs_next on jobs (queue, priority desc, id) where state = 'queued';
