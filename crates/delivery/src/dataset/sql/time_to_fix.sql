SELECT e.organization, e.finding_id, e.rule, e.severity, e.account_id, e.subject_arn, e.ended_by AS fixed_by,
  b.collected_at AS failing_since, x.collected_at AS fixed_at, x.epoch_day - b.epoch_day AS days
FROM episodes e
JOIN runs b ON b.organization = e.organization AND b.run_number = e.begins_in
JOIN runs x ON x.organization = e.organization AND x.run_number = e.ends_in
ORDER BY e.organization, e.ends_in, e.finding_id
