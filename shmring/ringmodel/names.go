package ringmodel

// label names a step without a pointer, which would cost a search of all states by the garbage collector: a program counter of the producer,
// one of the recorder, or one of the constants below.
type label uint8

const (
	recorderLabels label = 64
	otherLabels    label = 128
)

const (
	stepJournal label = otherLabels + iota
	stepTakesEffect
	stepWindow
	stepWindowEarly
	stepObserverCopy
	stepObserverIntent
	stepDeathNews
	stepRecorderTimeout
	stepProducerTimeout
	stepKillProducer
	stepKillCore
)

func (l label) String() string {
	switch {
	case l < recorderLabels:
		return producerSteps[l]
	case l < otherLabels:
		return recorderSteps[l-recorderLabels]
	}
	return otherSteps[l-otherLabels]
}

var otherSteps = [...]string{
	"journal line", "a store takes effect", "observer chooses a window", "observer chooses a window and reads the intent early",
	"observer copies", "observer re-reads the intent", "recorder learns of the death", "recorder's sleep times out",
	"producer's sleep times out", "producer is killed", "core is killed",
}

var producerSteps = [...]string{
	pOffer: "producer takes a delivery", pReload: "producer reloads", pDrop: "producer counts a drop", pTrim: "producer counts a trimmed part",
	pIntent: "producer raises an intent", pCopy: "producer stores a sample", pDesc: "producer stores a descriptor",
	pLostLate: "producer counts a drop late", pCommit: "producer stores d_write", pWPos: "producer stores w_pos",
	pSeeFlag: "producer reads waiting", pSeeMark: "producer reads wake_at", pClear: "producer stores waiting = 0",
	pBell: "producer rings the doorbell", pWake: "producer wakes the recorder", pLast: "producer looks for room for the last batch",
	pWaitBell: "producer reads room_bell", pWaitLoad: "producer reloads", pWaitFlag: "producer stores producer_waiting = 1",
	pWaitAgain: "producer reloads again", pWaitUnset: "producer stores producer_waiting = 0", pWaitSee: "waiting producer reads waiting",
	pWaitClear: "waiting producer stores waiting = 0", pWaitRing: "waiting producer rings the doorbell",
	pWaitWake: "waiting producer wakes the recorder", pWaitSleep: "producer goes to sleep", pAsleep: "", pDone: "", pDead: "",
}

var recorderSteps = [...]string{
	rPass: "recorder begins a pass", rBell: "recorder reads the doorbell", rCursor: "recorder reads d_write",
	rDesc: "recorder reads a descriptor", rEarly: "recorder stores r_pos early", rCopy: "recorder writes a sample",
	rRelease: "recorder stores r_pos", rSeeFlag: "recorder reads producer_waiting", rClear: "recorder stores producer_waiting = 0",
	rRing: "recorder rings room_bell", rWake: "recorder wakes the producer", rMark: "recorder stores wake_at",
	rFlag: "recorder stores waiting = 1", rAgain: "recorder reads d_write again", rUnset: "recorder stores waiting = 0",
	rLateBell: "recorder reads the doorbell late", rSleep: "recorder goes to sleep", rAsleep: "", rLost: "recorder reads a lost count",
	rDone: "", rKilled: "new core opens the ring", rAttach: "new core stores r_pos", rAttachUp: "new core rings room_bell",
	rAttachGo: "new core wakes the producer", rGone: "",
}
