-- The tables' files, the commits first: a run whose commit is listed has all its files. DuckDB lists files at each mention
-- in each query, and so the commits are read once, here: run these anew to see runs that were published since.
CREATE OR REPLACE TEMP TABLE runs_files AS
SELECT * FROM read_parquet('${URL}/runs/*.parquet', union_by_name = true);
CREATE OR REPLACE VIEW findings_files AS
SELECT * FROM read_parquet('${URL}/findings/*/*/*.parquet', union_by_name = true, hive_partitioning = true,
  hive_types = {'date': DATE, 'organization': VARCHAR});
CREATE OR REPLACE VIEW principals_files AS
SELECT * FROM read_parquet('${URL}/principals/*/*/*.parquet', union_by_name = true, hive_partitioning = true,
  hive_types = {'date': DATE, 'organization': VARCHAR});
CREATE OR REPLACE VIEW devices_files AS
SELECT * FROM read_parquet('${URL}/devices/*/*/*.parquet', union_by_name = true, hive_partitioning = true,
  hive_types = {'date': DATE, 'organization': VARCHAR});
CREATE OR REPLACE VIEW coverage_files AS
SELECT * FROM read_parquet('${URL}/coverage/*/*/*.parquet', union_by_name = true, hive_partitioning = true,
  hive_types = {'date': DATE, 'organization': VARCHAR});
