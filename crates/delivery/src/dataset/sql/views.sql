-- The runs, each organization's in order.
CREATE OR REPLACE VIEW runs AS
SELECT r.*,
  row_number() OVER (PARTITION BY r.organization ORDER BY r.collected_at, r.published_at, r.run_id) AS run_number
FROM runs_files r
WHERE r.schema_version <= 1;

CREATE OR REPLACE VIEW findings AS
SELECT r.organization, r.run_id, r.run_number, r.collected_at, f.finding_id, f.rule, f.severity, f.status,
  f.account_id, f.subject_kind, f.subject_arn, f.reason, f.evidence_time, f.gap_reason, f.waived, f.owner
FROM runs r JOIN findings_files f
  ON f.publication = r.publication AND f.date = r.date AND f.organization = r.organization;

CREATE OR REPLACE VIEW principals AS
SELECT r.organization, r.run_id, r.run_number, r.collected_at, p.account_id, p.principal_arn, p.principal_kind,
  p.principal_name, p.created_at, p.password_set, p.password_gap, p.mfa_enabled, p.mfa_gap, p.signs_in_without_mfa,
  p.access_key_active, p.mfa_devices, p.password_last_used, p.administrator
FROM runs r JOIN principals_files p
  ON p.publication = r.publication AND p.date = r.date AND p.organization = r.organization;

CREATE OR REPLACE VIEW devices AS
SELECT r.organization, r.run_id, r.run_number, r.collected_at, d.account_id, d.principal_arn, d.principal_kind,
  d.serial_number, d.device_kind, d.enabled_at
FROM runs r JOIN devices_files d
  ON d.publication = r.publication AND d.date = r.date AND d.organization = r.organization;

CREATE OR REPLACE VIEW coverage AS
SELECT r.organization, r.run_id, r.run_number, r.collected_at, c.account_id, c.account_name, c.account_kind,
  c.account_state, c.ou_path, c.dataset, c.seen, c.gap_reason
FROM runs r JOIN coverage_files c
  ON c.publication = r.publication AND c.date = r.date AND c.organization = r.organization;

-- What a run knows of an account: enough to tell what is gone from what was not seen.
CREATE OR REPLACE VIEW accounts AS
SELECT organization, run_id, run_number, account_id, max(account_name) AS account_name,
  max(CASE WHEN dataset IS NULL THEN 0 ELSE 1 END) AS audited,
  max(CASE WHEN dataset IS NULL AND account_state = 'closed' THEN 1 ELSE 0 END) AS closed,
  max(CASE WHEN seen IN ('seen', 'partly') AND dataset <> 'identity-center' THEN 1 ELSE 0 END) AS seen,
  max(CASE WHEN dataset = 'iam-users' AND seen = 'seen' THEN 1 ELSE 0 END) AS users_listed,
  max(CASE WHEN dataset = 'role-trust' AND seen = 'seen' THEN 1 ELSE 0 END) AS roles_listed,
  min(gap_reason) AS gap_reason
FROM coverage
GROUP BY organization, run_id, run_number, account_id;

-- Every mention of a finding that ever failed, with the run of the next one.
CREATE OR REPLACE VIEW mentions AS
SELECT f.organization, f.finding_id, f.run_number, f.rule, f.account_id, f.subject_kind, f.status,
  lead(f.run_number) OVER (PARTITION BY f.organization, f.finding_id ORDER BY f.run_number) AS next_number
FROM findings f
JOIN (SELECT DISTINCT organization, finding_id FROM findings WHERE status = 'fail') ever
  ON ever.organization = f.organization AND ever.finding_id = f.finding_id;

-- The first run, of those that do not mention a finding, which proves that what it is about is gone: its account was
-- closed, or is not on a list of all accounts, or the user or role is not on its account's list, which was seen whole.
CREATE OR REPLACE VIEW gone AS
SELECT m.organization, m.finding_id, min(r.run_number) AS run_number
FROM mentions m
JOIN runs r ON r.organization = m.organization AND r.run_number > m.run_number
  AND (m.next_number IS NULL OR r.run_number < m.next_number)
LEFT JOIN accounts a ON a.run_id = r.run_id AND a.organization = m.organization AND a.account_id = m.account_id
WHERE (m.next_number IS NULL OR m.next_number > m.run_number + 1)
  AND ((a.account_id IS NULL AND r.lists_all_accounts)
    OR a.closed = 1
    OR (a.audited = 1 AND r.rules LIKE concat('% ', m.rule, ' %')
      AND ((m.subject_kind = 'iam-user' AND a.users_listed = 1)
        OR (m.subject_kind = 'iam-role' AND a.roles_listed = 1))))
GROUP BY m.organization, m.finding_id, m.run_number;

-- From the run in which a finding begins to fail to the one in which it was seen not to, or to none if it still fails.
-- What was not seen ends nothing.
CREATE OR REPLACE VIEW episodes AS
WITH events AS (
  SELECT organization, finding_id, run_number, status AS event FROM mentions WHERE status <> 'indeterminate'
  UNION ALL
  SELECT organization, finding_id, run_number, 'gone' AS event FROM gone
), marked AS (
  SELECT organization, finding_id, run_number, event,
    lag(event) OVER (PARTITION BY organization, finding_id ORDER BY run_number) AS before
  FROM events
), turns AS (
  SELECT organization, finding_id, run_number, event,
    lead(run_number) OVER (PARTITION BY organization, finding_id ORDER BY run_number) AS ends_in,
    lead(event) OVER (PARTITION BY organization, finding_id ORDER BY run_number) AS ended_by
  FROM marked
  WHERE (CASE WHEN event = 'fail' THEN 1 ELSE 0 END) <> (CASE WHEN before = 'fail' THEN 1 ELSE 0 END)
)
SELECT t.organization, t.finding_id, f.rule, f.severity, f.account_id, f.subject_arn, t.run_number AS begins_in,
  t.ends_in, t.ended_by
FROM turns t
JOIN findings f ON f.organization = t.organization AND f.finding_id = t.finding_id AND f.run_number = t.run_number
  AND f.status = 'fail'
WHERE t.event = 'fail';
