# The task: an audit, then a container that adds its snapshot to the history, whatever the gate said.
locals {
  history = "s3://${aws_s3_bucket.history.id}"
  # EventBridge Scheduler puts the time in; each run has a folder of its own, and nothing is overwritten.
  run = "${local.history}/runs/<aws.scheduler.scheduled-time>"

  audit = concat(
    [
      "audit", "--quiet",
      "--snapshot", "${local.run}/run.mfaudit",
      "--format", "html=${local.run}/report.html",
      "--format", "json=${local.run}/report.json",
    ],
    var.arguments,
  )
  publish = ["publish", "${local.run}/run.mfaudit", "--to", "${local.history}/history"]

  # What both containers have in common.
  container = {
    image                  = var.image
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    environment = [
      { name = "AWS_REGION", value = data.aws_region.current.name },
      # A bucket that locks what is written takes nothing without a checksum.
      { name = "AWS_CHECKSUM_ALGORITHM", value = "sha256" },
    ]
    linuxParameters = { capabilities = { drop = ["ALL"] }, initProcessEnabled = false }
    mountPoints     = [{ sourceVolume = "work", containerPath = "/scratch", readOnly = false }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.log.name
        awslogs-region        = data.aws_region.current.name
        awslogs-stream-prefix = var.name
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "log" {
  name              = "/${var.name}/audit"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_cluster" "audit" {
  name = var.name
}

resource "aws_ecs_task_definition" "audit" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  # Memory does not grow with the organization (docs/performance.md: 46 MiB at 50 000 accounts, 110 MiB for the largest of these
  # reports). This is the least that Fargate sells.
  cpu    = 256
  memory = 512

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  volume {
    name = "work"
  }

  container_definitions = jsonencode([
    merge(local.container, { name = "audit", essential = false }),
    merge(local.container, {
      name      = "publish"
      essential = true
      dependsOn = [{ containerName = "audit", condition = "COMPLETE" }]
    }),
  ])
}

resource "aws_security_group" "task" {
  name        = var.name
  description = "Out to HTTPS, nothing in"
  vpc_id      = var.vpc
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.task.id
  description       = "AWS's endpoints and the registry of the image"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
