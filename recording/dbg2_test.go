package recording

var dbgFile, dbgNth, dbgValue = uint8(23), uint16(126), int64(9223372036854775807)
