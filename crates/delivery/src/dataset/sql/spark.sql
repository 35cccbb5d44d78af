-- The tables' files, the commits first: a run whose commit is listed has all its files. Spark lists the files here and
-- does not look again: run these in each session, in this order.
CREATE OR REPLACE TEMPORARY VIEW runs_files USING parquet
OPTIONS (path '${URL}/runs', mergeSchema 'true');
CREATE OR REPLACE TEMPORARY VIEW findings_files USING parquet
OPTIONS (path '${URL}/findings', mergeSchema 'true');
CREATE OR REPLACE TEMPORARY VIEW principals_files USING parquet
OPTIONS (path '${URL}/principals', mergeSchema 'true');
CREATE OR REPLACE TEMPORARY VIEW devices_files USING parquet
OPTIONS (path '${URL}/devices', mergeSchema 'true');
CREATE OR REPLACE TEMPORARY VIEW coverage_files USING parquet
OPTIONS (path '${URL}/coverage', mergeSchema 'true');
