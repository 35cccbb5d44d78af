resource "aws_scheduler_schedule" "audit" {
  name                         = var.name
  description                  = "Audits the MFA of the organization"
  schedule_expression          = var.schedule
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    # The universal target, whose input is the request itself: the commands hold the time.
    arn      = "${local.arn_prefix}:scheduler:::aws-sdk:ecs:runTask"
    role_arn = aws_iam_role.schedule.arn

    # jsonencode writes < and > as escapes, and the scheduler looks for them as they are.
    input = replace(replace(jsonencode({
      Cluster        = aws_ecs_cluster.audit.arn
      TaskDefinition = aws_ecs_task_definition.audit.arn
      LaunchType     = "FARGATE"
      # The time that was due is the same when the scheduler tries again (its execution-id is another for each try): a repeated
      # request starts no second task.
      ClientToken = "<aws.scheduler.scheduled-time>"
      NetworkConfiguration = {
        AwsvpcConfiguration = {
          Subnets        = var.subnets
          SecurityGroups = [aws_security_group.task.id]
          AssignPublicIp = var.public_ip ? "ENABLED" : "DISABLED"
        }
      }
      Overrides = {
        ContainerOverrides = [
          { Name = "audit", Command = local.audit },
          { Name = "publish", Command = local.publish },
        ]
      }
    }), "\\u003c", "<"), "\\u003e", ">")

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 5
    }

    dead_letter_config {
      arn = aws_sqs_queue.failed.arn
    }
  }
}
