-- Business logic in PL/pgSQL procedures with INOUT parameters, arrays and overloads, as a bank's in-house framework generates it.
CREATE TABLE acct (acct_no INTEGER NOT NULL PRIMARY KEY, bal NUMERIC(15,2) NOT NULL DEFAULT 0 CHECK (bal >= -1000));
CREATE TABLE acct_trn (trn_id BIGSERIAL PRIMARY KEY, acct_no INTEGER NOT NULL REFERENCES acct (acct_no), amt NUMERIC(15,2) NOT NULL DEFAULT 0);

CREATE OR REPLACE PROCEDURE sp_post(p_acct INTEGER, p_amt NUMERIC, INOUT p_trn BIGINT DEFAULT NULL)
LANGUAGE plpgsql
AS $procedure$
DECLARE
    v_bal acct.bal%TYPE;
BEGIN
    UPDATE acct SET bal = bal + p_amt WHERE acct_no = p_acct RETURNING bal INTO STRICT v_bal;
    INSERT INTO acct_trn (acct_no, amt) VALUES (p_acct, p_amt) RETURNING trn_id INTO p_trn;
EXCEPTION
    WHEN no_data_found THEN
        RAISE EXCEPTION 'account % does not exist; nothing was posted', p_acct USING ERRCODE = 'P0002';
END;
$procedure$;

CREATE OR REPLACE PROCEDURE sp_post(VARIADIC p_accts INTEGER[])
LANGUAGE plpgsql
AS $procedure$
DECLARE
    r RECORD;
    v_trn BIGINT;
BEGIN
    FOR r IN SELECT unnest(p_accts) AS n LOOP
        CALL sp_post(r.n, 1.00, v_trn);
    END LOOP;
END;
$procedure$;

CREATE FUNCTION fn_statement(p_acct INTEGER) RETURNS TABLE (line BIGINT, amount NUMERIC)
LANGUAGE plpgsql STABLE ROWS 10 COST 50
AS $$ BEGIN RETURN QUERY SELECT row_number() OVER (ORDER BY t.trn_id), t.amt FROM acct_trn t WHERE t.acct_no = p_acct; END $$;

INSERT INTO acct VALUES (100, 50.00), (200, 0), (300, -10);
CALL sp_post(100, 25.50);
CALL sp_post(VARIADIC ARRAY[200, 300]);
REVOKE EXECUTE ON PROCEDURE sp_post(INTEGER[]) FROM PUBLIC;
