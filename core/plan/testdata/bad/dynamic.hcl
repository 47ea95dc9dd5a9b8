# Dynamic blocks with mistakes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  dynamic "channel" {
    for_each = 5
    labels   = ["B"]
    content { range = "1V" }
  }
  dynamic "chanel" {
    for_each = ["C"]
    labels   = ["C"]
    content { range = "1V" }
  }
  dynamic "channel" {
    for_each = ["D"]
    content { range = "1V" }
  }
  dynamic "channel" {
    for_each = ["E"]
    labels   = [channel.value]
    content { rnage = "1V" }
  }
  dynamic {
    for_each = []
  }
  stream { sample_rate = "1kS/s" }
}
