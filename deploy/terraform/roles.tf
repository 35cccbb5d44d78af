# Three roles: the task's, which audits; ECS's, which starts the task and writes its log; the scheduler's, which runs the task.
locals {
  arn_prefix = "arn:${data.aws_partition.current.partition}"
  place      = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  ecs_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = "${local.arn_prefix}:ecs:${local.place}:*" }
      }
    }]
  })
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-runner"
  assume_role_policy = local.ecs_trust
}

# What `mfaudit policy --for management` prints, to the letter but for the partition; a test compares them.
resource "aws_iam_role_policy" "audit" {
  name   = "audit"
  role   = aws_iam_role.task.id
  policy = replace(file("${path.module}/audit-policy.json"), "arn:aws:", "${local.arn_prefix}:")
}

# Deleting puts a marker before what is locked, and takes nothing away: large files are uploaded under another name first.
resource "aws_iam_role_policy" "history" {
  name = "history"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Objects"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.history.arn}/*"
      },
      {
        Sid      = "List"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = aws_s3_bucket.history.arn
      },
      {
        Sid      = "Encrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.history.arn
      },
    ]
  })
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = local.ecs_trust
}

# The image is public, so that writing the log is all that is left.
resource "aws_iam_role_policy" "log" {
  name = "log"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.log.arn}:*"
    }]
  })
}

resource "aws_iam_role" "schedule" {
  name = "${var.name}-schedule"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "run" {
  name = "run"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "RunTask"
        Effect   = "Allow"
        Action   = ["ecs:RunTask"]
        Resource = "${local.arn_prefix}:ecs:${local.place}:task-definition/${var.name}:*"
        Condition = {
          ArnEquals = { "ecs:cluster" = aws_ecs_cluster.audit.arn }
        }
      },
      {
        Sid      = "HandOverRoles"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = [aws_iam_role.task.arn, aws_iam_role.execution.arn]
        Condition = {
          StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" }
        }
      },
      {
        Sid      = "TellOfRunsThatDidNotStart"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.failed.arn
      },
    ]
  })
}
