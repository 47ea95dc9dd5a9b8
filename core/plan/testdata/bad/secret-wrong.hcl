# Wrong values that are secret are not shown.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  resolution    = env("BAD")
  serial        = upper(tonumber(env("BAD")))
  model         = env("SERIAL")
  power         = env("BAD")
  hang_after    = env("BAD")
  library       = file("/x/${env("BAD")}")
  sample_format = file("token.txt")
  optional      = env("BAD")
  channel "B" {
    range    = env("BAD")
    coupling = env("BAD")
    sim {
      signal    = env("BAD")
      frequency = env("BAD")
      phase     = env("BAD")
      heights   = [env("BAD")]
    }
  }
  stream { sample_rate = env("BAD") }
}
