create view execution_summary as
select action_ref,
       count(*) as total,
       count(*) filter (where status in ('requested', 'running')) as unfinished,
       count(*) filter (where status = 'succeeded') as succeeded,
       count(*) filter (where status = 'failed') as failed,
       avg(finished_at - started_at) filter (where status = 'succeeded') as average_duration
from executions
group by action_ref;
