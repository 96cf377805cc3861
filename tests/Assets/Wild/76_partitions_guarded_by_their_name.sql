-- Monthly partitions made ahead in a loop, each unless pg_class has a relation of that name.
CREATE TABLE IF NOT EXISTS payslips (
    employee int NOT NULL,
    month date NOT NULL,
    cents int NOT NULL DEFAULT 0,
    PRIMARY KEY (employee, month)
) PARTITION BY RANGE (month);

DO $$
DECLARE
    m date;
BEGIN
    FOR m IN SELECT generate_series(date '2024-01-01', date '2024-04-01', interval '1 month')::date LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'payslips_' || to_char(m, 'YYYY_MM')) THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF payslips FOR VALUES FROM (%L) TO (%L)',
                'payslips_' || to_char(m, 'YYYY_MM'), m, m + interval '1 month');
        END IF;
    END LOOP;
END $$;
