output "runner_role_arn" {
  description = "Who audits: what the roles of the member accounts have to trust"
  value       = aws_iam_role.task.arn
}

output "history" {
  description = "Where the history is, for mfaudit history"
  value       = "${local.history}/history"
}

output "schedule_name" {
  description = "The schedule, to look at or to change"
  value       = aws_scheduler_schedule.audit.name
}
