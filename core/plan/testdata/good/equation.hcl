# Equations: over the volts at the tip, tried over what the channel measures.
run "r" { output = "recordings" }
device "a" {
  driver = "sim"
  channel "A" {
    range    = "5V"
    probe    = "x10"
    unit     = "W"
    equation = "pow(v, 2) / 50"
  }
  channel "B" {
    range    = "5V"
    equation = "sqrt(v)" # a warning: half of the range has no result
  }
  channel "C" {
    range    = "5V"
    equation = "v == 0 ? 0 : ln(abs(v))"
  }
  channel "D" {
    range    = "5V"
    equation = "ln(v + 6)"
  }
  channel "E" {
    range    = "5V"
    equation = "1 / v" # no result at one point only
  }
  channel "F" {
    range        = "5V"
    scale        = "100A/V"
    scale_offset = 1
    equation     = "100 * v" # a warning: scale has no effect
  }
  stream { sample_rate = "1kS/s" }
}
