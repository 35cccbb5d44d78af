# Two ways to hear of trouble: a task that ended with anything but 0, and one that was never started.
resource "aws_sns_topic" "alert" {
  name = "${var.name}-alert"
}

resource "aws_sns_topic_policy" "alert" {
  arn = aws_sns_topic.alert.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alert.arn
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
      {
        # EventBridge tells a topic no condition keys.
        Sid       = "Events"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alert.arn
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "alert" {
  count     = var.alert_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.alert.arn
  protocol  = "email"
  endpoint  = var.alert_email
}

resource "aws_cloudwatch_event_rule" "ended" {
  name        = "${var.name}-ended"
  description = "An audit that found something, saw too little or failed"

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.audit.arn]
      lastStatus = ["STOPPED"]
      # A container that never ran has no exit code.
      "$or" = [
        { containers = { exitCode = [{ anything-but = [0] }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "ended" {
  rule = aws_cloudwatch_event_rule.ended.name
  arn  = aws_sns_topic.alert.arn

  input_transformer {
    input_paths = {
      codes  = "$.detail.containers[*].exitCode"
      reason = "$.detail.stoppedReason"
      task   = "$.detail.taskArn"
    }
    input_template = "\"mfaudit ended with <codes> (3: failures, 4: not everything was seen, else it failed), <reason>: <task>\""
  }
}

# What the scheduler could not start, after it tried again.
resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "${var.name}-not-started"
  alarm_description   = "An audit was due and could not be started: look into the queue"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alert.arn]
}
