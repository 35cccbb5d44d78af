SELECT v.organization, v.finding_id, v.rule, v.severity, v.account_id, v.subject_arn, v.passed_at,
  v.collected_at AS failed_at
FROM (
  SELECT f.organization, f.finding_id, f.rule, f.severity, f.account_id, f.subject_arn, f.status, f.collected_at,
    f.run_number,
    lag(f.status) OVER (PARTITION BY f.organization, f.finding_id ORDER BY f.run_number) AS before,
    lag(f.collected_at) OVER (PARTITION BY f.organization, f.finding_id ORDER BY f.run_number) AS passed_at
  FROM findings f
  WHERE f.status <> 'indeterminate'
) v
WHERE v.status = 'fail' AND v.before = 'pass'
ORDER BY v.organization, v.run_number, v.finding_id
