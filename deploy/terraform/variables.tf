variable "name" {
  description = "What everything is called, or begins with"
  type        = string
  default     = "mfaudit"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "The name must be 2 to 21 lower-case letters, digits and hyphens."
  }
}

variable "image" {
  description = "The image by digest, such as ghcr.io/mfaudit/mfaudit@sha256:…: a tag may be moved"
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "The image must be named by its digest."
  }
}

variable "subnets" {
  description = "Subnets from which AWS is reached, by a NAT gateway or, with public_ip, an internet gateway"
  type        = list(string)
}

variable "vpc" {
  description = "The VPC of the subnets"
  type        = string
}

variable "public_ip" {
  description = "Whether the task needs an address of its own to reach AWS"
  type        = bool
  default     = false
}

variable "schedule" {
  description = "When to audit, as EventBridge Scheduler has it, in UTC"
  type        = string
  default     = "cron(17 5 * * ? *)"
}

variable "retention_days" {
  description = "For how many days nobody can delete or change evidence, reports and history, the account's administrators included in compliance mode"
  type        = number
  default     = 400
}

variable "object_lock_mode" {
  description = "GOVERNANCE lets whoever has s3:BypassGovernanceRetention shorten it; COMPLIANCE lets nobody"
  type        = string
  default     = "GOVERNANCE"

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock_mode)
    error_message = "The mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "log_retention_days" {
  description = "For how many days logs are kept; they name accounts and no users"
  type        = number
  default     = 90
}

variable "alert_email" {
  description = "Who is told of a run that failed, found something or saw too little; empty for nobody"
  type        = string
  default     = ""
}

variable "arguments" {
  description = "More arguments for mfaudit audit"
  type        = list(string)
  default     = []
}
