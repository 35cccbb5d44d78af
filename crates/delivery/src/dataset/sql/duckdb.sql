-- The tables' files, the commits first: a run whose commit is listed has all its files. The views are bound anew for
-- each query, so that each sees the runs that are whole when it begins.
CREATE OR REPLACE VIEW runs_files AS
SELECT * FROM read_parquet('${URL}/runs/*.parquet', union_by_name = true);
CREATE OR REPLACE VIEW findings_files AS
SELECT * FROM read_parquet('${URL}/findings/*/*/*.parquet', hive_partitioning = true, union_by_name = true);
CREATE OR REPLACE VIEW principals_files AS
SELECT * FROM read_parquet('${URL}/principals/*/*/*.parquet', hive_partitioning = true, union_by_name = true);
CREATE OR REPLACE VIEW devices_files AS
SELECT * FROM read_parquet('${URL}/devices/*/*/*.parquet', hive_partitioning = true, union_by_name = true);
CREATE OR REPLACE VIEW coverage_files AS
SELECT * FROM read_parquet('${URL}/coverage/*/*/*.parquet', hive_partitioning = true, union_by_name = true);
