SELECT organization, run_id, collected_at, accounts, accounts_short, accounts_unseen, cells, cells_seen,
  CAST(floor(cells_seen * 10000 / nullif(cells, 0)) AS bigint) AS coverage_basis_points
FROM runs
ORDER BY organization, run_number
