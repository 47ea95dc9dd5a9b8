package main

// warnOfSleep warns on a computer that may go to sleep, before a recording begins.
func (a *app) warnOfSleep() {
	if readSystem().Battery {
		a.warn("this looks like a laptop: sleep ends a recording; %s doctor tells more", a.name)
	}
}
