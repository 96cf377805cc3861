-- Tables with an updated_at column call this before each update that changes something.
create function update_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;
