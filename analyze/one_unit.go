package analyze

import "github.com/scopelog/scopelog/recording"

// OneUnit refuses a selection whose values have different units: they cannot share an axis. The error is an [*OptionError], or one of [Run] for what is
// selected.
func OneUnit(r *recording.Recording, sel Selection) error {
	list, err := sources(r, &sel)
	if err != nil {
		return err
	}
	first := list[0]
	for _, s := range list {
		switch {
		case s.Unit() == first.Unit():
		case s.Stream == first.Stream:
			return optionError("stream %s has values in %s and in %s, since its unit was changed; choose those of one with --from and --until, or --volts",
				s.Stream.Name(), first.Unit(), s.Unit())
		default:
			return optionError("stream %s is %s, and %s %s; choose streams of one unit with --stream", s.Stream.Name(), inUnit(s), first.Stream.Name(), inUnit(first))
		}
	}
	return nil
}

// inUnit tells the unit of a source, or that there is none, as of a pin.
func inUnit(s *source) string {
	if s.Unit() == "" {
		return "without a unit"
	}
	return "in " + s.Unit()
}
