SELECT r.organization, r.run_id, r.collected_at, r.lists_all_accounts, r.accounts,
  CAST(floor(r.cells_seen * 10000 / nullif(r.cells, 0)) AS bigint) AS coverage_basis_points,
  r.principals,
  CASE WHEN r.rules LIKE '% root-user-mfa %' OR r.rules LIKE '% iam-user-console-mfa %' THEN r.principals_without_mfa END
    AS principals_without_mfa,
  r.principals_undecided, r.failures,
  CAST(sum(coalesce(b.failures, 0) - coalesce(x.failures, 0))
    OVER (PARTITION BY r.organization ORDER BY r.run_number) AS bigint) AS open_failures,
  coalesce(b.failures, 0) AS new_failures, coalesce(x.failures, 0) AS fixed_failures
FROM runs r
LEFT JOIN (SELECT organization, begins_in, count(*) AS failures FROM episodes GROUP BY organization, begins_in) b
  ON b.organization = r.organization AND b.begins_in = r.run_number
LEFT JOIN (SELECT organization, ends_in, count(*) AS failures FROM episodes WHERE ends_in IS NOT NULL
  GROUP BY organization, ends_in) x
  ON x.organization = r.organization AND x.ends_in = r.run_number
ORDER BY r.organization, r.run_number
