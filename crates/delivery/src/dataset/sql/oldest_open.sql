SELECT e.organization, e.finding_id, e.rule, e.severity, e.account_id, e.subject_arn, f.owner, f.waived,
  b.collected_at AS failing_since, f.collected_at AS last_failed_at, n.epoch_day - b.epoch_day AS days
FROM episodes e
JOIN runs b ON b.organization = e.organization AND b.run_number = e.begins_in
JOIN (SELECT organization, finding_id, max(run_number) AS run_number FROM findings WHERE status = 'fail'
  GROUP BY organization, finding_id) l ON l.organization = e.organization AND l.finding_id = e.finding_id
JOIN findings f ON f.organization = l.organization AND f.finding_id = l.finding_id AND f.run_number = l.run_number
JOIN (SELECT organization, max(epoch_day) AS epoch_day FROM runs GROUP BY organization) n
  ON n.organization = e.organization
WHERE e.ends_in IS NULL
ORDER BY e.organization, e.begins_in, e.finding_id
