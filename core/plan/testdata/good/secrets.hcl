# Values of env() and file() are used and never stored: the expression stands for them.
variable "key" {
  default   = "SECRET-DEFAULT"
  sensitive = true
}
variable "from_env" {
  default = env("SERIAL")
}
locals {
  library = "/opt/${trimspace(file("token.txt"))}"
}
run "secret" {
  output   = "out-${var.key}"
  duration = "1s"
  notes    = "by ${var.from_env}"
  tags     = ["x", env("SERIAL")]
}
device "a" {
  driver  = "sim"
  serial  = env("SERIAL")
  library = local.library
  channel "A" {
    range = env("RANGE")
    label = env("SERIAL")
    sim { file = "/x/${file("token.txt")}" }
  }
  channel "B" { range = env("NOT_SET", "2V") }
  digital "D0-7" { labels = ["clock", file("token.txt")] }
  sim { delivery = env("SERIAL") == "x" ? "20ms" : "30ms" }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  serial = "${var.key}-${var.from_env}"
  channel "A" { range = "1V" }
  stream { sample_rate = "1kS/s" }
}
