SELECT s.organization, s.account_id, l.account_name, s.runs, b.collected_at AS first_listed, n.collected_at AS last_listed,
  l.gap_reason
FROM (SELECT organization, account_id, count(*) AS runs, min(run_number) AS first_number, max(run_number) AS last_number,
    max(seen) AS seen
  FROM accounts WHERE audited = 1 GROUP BY organization, account_id) s
JOIN accounts l ON l.organization = s.organization AND l.account_id = s.account_id AND l.run_number = s.last_number
JOIN runs b ON b.organization = s.organization AND b.run_number = s.first_number
JOIN runs n ON n.organization = s.organization AND n.run_number = s.last_number
WHERE s.seen = 0
ORDER BY s.organization, s.account_id
