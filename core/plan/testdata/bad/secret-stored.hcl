# Secrets where they would be stored.
variable "pin" {
  default   = "SECRET-PIN"
  sensitive = true
}
run "r" {
  output = "x"
  notes  = var.pin
  tags   = [env("SERIAL")]
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" {
    range        = "1V"
    label        = env("SERIAL")
    unit         = env("SERIAL")
    scale        = "${strlen(env("SERIAL"))}A/V"
    scale_offset = strlen(env("SERIAL"))
    equation     = env("SERIAL")
    probe        = strlen(env("SERIAL"))
  }
  dynamic "channel" {
    for_each = [env("SERIAL")]
    labels   = [channel.value]
    content { range = "1V" }
  }
  dynamic "channel" {
    for_each = split("-", env("SERIAL"))
    labels   = [channel.key]
    content { range = "1V" }
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  for_each = toset([env("SERIAL")])
  driver   = "sim"
}
device "c" {
  for_each = [env("SERIAL")]
  driver   = "sim"
}
