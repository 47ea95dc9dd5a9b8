# What an event or a trigger compares with may be secret: no message tells of it.
variable "v" {
  default   = "1234mV"
  sensitive = true
}
variable "h" {
  default   = "6789mV"
  sensitive = true
}
variable "range" {
  default   = "5432mV"
  sensitive = true
}
variable "rate" {
  default   = "12345S/s"
  sensitive = true
}
variable "long" {
  default   = "3333ms"
  sensitive = true
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" { range = var.range }
  stream { sample_rate = var.rate }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
  trigger {
    level "A" {
      threshold  = var.v
      direction  = "rising"
      hysteresis = var.h
    }
  }
}
event "returns" {
  source     = "a.A"
  level      = var.v
  hysteresis = var.h
}
event "returns_too" {
  source     = "a.B"
  level      = "1V"
  hysteresis = "7V"
}
event "beyond" {
  source = "a.B"
  level  = "6V"
}
event "far" {
  source = "a.B"
  window = ["7V", "8V"]
}
event "all" {
  source = "a.B"
  window = ["-7V", "8V"]
}
event "long" {
  source = "a.A"
  slope  = "1V/s"
  over   = var.long
}
event "steep" {
  source = "a.B"
  slope  = "900V/ms"
}
event "steep_too" {
  source = "a.A"
  slope  = "1kV/s"
  over   = "${"100"}ms"
}
