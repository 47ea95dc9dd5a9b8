package ringmodel

// Cases are small: together they take seconds, and every fault shows in one of them. They are explored in full under every memory model.
func Cases() []Case {
	return []Case{
		{Name: "stream", Lanes: 1, Cap: 2, Queue: 8, Watermark: 2, Deliveries: []Delivery{{1}, {1}, {1}}},
		{Name: "unequal counts", Lanes: 2, Cap: 2, Queue: 16, Watermark: 1, Deliveries: []Delivery{{2, 1}, {1, 1}, {1, 2}}},
		{Name: "short queue", Lanes: 1, Cap: 4, Queue: 4, Watermark: 4, Deliveries: []Delivery{{1}, {1}, {1}, {1}}},
		{Name: "producer killed", Lanes: 1, Cap: 2, Queue: 8, Watermark: 2, Deliveries: []Delivery{{1}, {2}}, KillProducer: true},
		{Name: "core killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 2, Deliveries: []Delivery{{1}, {2}}, KillCore: true},
		{Name: "both killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 2, Deliveries: []Delivery{{2}}, KillProducer: true, KillCore: true},
		{Name: "time-outs", Lanes: 1, Cap: 4, Queue: 8, Watermark: 1, Deliveries: []Delivery{{1}, {1}}, Timeouts: 2},
		{Name: "samples watched", Lanes: 1, Cap: 2, Queue: 8, Watermark: 3, Deliveries: []Delivery{{1}, {2}}, Watch: Samples, Window: 1},
		{Name: "lent memory watched", Lanes: 1, Cap: 3, Queue: 8, Watermark: 2, Deliveries: []Delivery{{2}, {1}, {1}}, Lent: []uint8{0, 2, 0}, Watch: Samples, Window: 1},
		{Name: "descriptors watched", Lanes: 1, Cap: 4, Queue: 4, Watermark: 4, Deliveries: []Delivery{{1}, {1}, {1}, {1}}, Watch: Descriptors, OnlyFirst: true},
		{Name: "block", Lanes: 1, Cap: 2, Queue: 8, Watermark: 3, Deliveries: []Delivery{{2}, {2}}, Block: true},
		{Name: "block, gathered", Lanes: 2, Cap: 2, Queue: 16, Watermark: 5, Deliveries: []Delivery{{1, 1}, {1, 1}, {1, 1}}, Block: true, Gather: true},
		{Name: "block, short queue", Lanes: 1, Cap: 4, Queue: 4, Watermark: 4, Deliveries: []Delivery{{1}, {1}, {1}}, Block: true},
		{Name: "block, time-outs", Lanes: 1, Cap: 2, Queue: 8, Watermark: 2, Deliveries: []Delivery{{2}, {1}}, Block: true, Timeouts: 1},
		{Name: "block, core killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 2, Deliveries: []Delivery{{2}, {1}}, Block: true, KillCore: true},
	}
}

// LargeCases are explored in full as well, in minutes.
func LargeCases() []Case {
	return []Case{
		{Name: "stream", Lanes: 1, Cap: 3, Queue: 4, Watermark: 2, Deliveries: []Delivery{{1}, {2}, {1}, {1}}},
		{Name: "unequal counts", Lanes: 2, Cap: 2, Queue: 8, Watermark: 2, Deliveries: []Delivery{{2, 1}, {1, 1}, {1, 2}}},
		{Name: "slow lane", Lanes: 2, Cap: 4, Queue: 16, Watermark: 3, Deliveries: []Delivery{{3, 0}, {2, 1}, {3, 0}, {2, 1}, {2, 2}}},
		{Name: "producer killed", Lanes: 2, Cap: 2, Queue: 16, Watermark: 2, Deliveries: []Delivery{{2, 1}, {1, 2}, {1, 1}}, KillProducer: true},
		{Name: "core killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 2, Deliveries: []Delivery{{1}, {2}, {1}}, KillCore: true},
		{Name: "both killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 1, Deliveries: []Delivery{{1}, {2}}, KillProducer: true, KillCore: true},
		{Name: "time-outs", Lanes: 1, Cap: 4, Queue: 8, Watermark: 1, Deliveries: []Delivery{{1}, {1}, {1}, {1}}, Timeouts: 2},
		{Name: "samples watched", Lanes: 1, Cap: 2, Queue: 8, Watermark: 1, Deliveries: []Delivery{{1}, {1}, {1}}, Watch: Samples, Window: 1},
		{Name: "long window watched", Lanes: 1, Cap: 4, Queue: 8, Watermark: 4, Deliveries: []Delivery{{2}, {2}, {2}}, Watch: Samples, Window: 2},
		{Name: "lent memory watched", Lanes: 1, Cap: 3, Queue: 4, Watermark: 2, Deliveries: []Delivery{{2}, {1}, {1}}, Lent: []uint8{0, 2, 0}, Watch: Samples, Window: 1},
		{Name: "descriptors watched", Lanes: 1, Cap: 4, Queue: 4, Watermark: 4, Deliveries: []Delivery{{1}, {1}, {1}, {1}}, Watch: Descriptors},
		{Name: "block", Lanes: 2, Cap: 2, Queue: 8, Watermark: 3, Deliveries: []Delivery{{2, 2}, {1, 1}}, Block: true},
		{Name: "block, gathered", Lanes: 2, Cap: 2, Queue: 8, Watermark: 3, Deliveries: []Delivery{{2, 2}, {1, 1}}, Block: true, Gather: true, Timeouts: 1},
		{Name: "block, time-outs", Lanes: 1, Cap: 2, Queue: 8, Watermark: 2, Deliveries: []Delivery{{2}, {1}, {1}}, Block: true, Timeouts: 2},
		{Name: "block, both killed", Lanes: 1, Cap: 2, Queue: 4, Watermark: 2, Deliveries: []Delivery{{2}, {1}}, Block: true, KillProducer: true, KillCore: true},
	}
}

// WalkCases are too large to explore; random schedules go through them.
func WalkCases() []Case {
	many := []Delivery{{2, 1}, {1, 2}, {3, 0}, {0, 2}, {1, 1}, {2, 3}, {1, 1}}
	even := []Delivery{{2, 2}, {1, 1}, {3, 3}, {1, 1}, {2, 2}, {1, 1}}
	return []Case{
		{Name: "stream", Lanes: 2, Cap: 4, Queue: 16, Watermark: 4, Deliveries: many},
		{Name: "stream, all killed", Lanes: 2, Cap: 4, Queue: 16, Watermark: 4, Deliveries: many, KillProducer: true, KillCore: true, Timeouts: 3},
		{Name: "short queue, core killed", Lanes: 2, Cap: 4, Queue: 8, Watermark: 4, Deliveries: many, KillCore: true, Timeouts: 2},
		{Name: "lent memory watched", Lanes: 2, Cap: 4, Queue: 16, Watermark: 4, Deliveries: even, Lent: []uint8{0, 2, 0, 2, 0, 0}, Watch: Samples, Window: 2},
		{Name: "block, all killed", Lanes: 2, Cap: 4, Queue: 8, Watermark: 6, Deliveries: even, Block: true, Gather: true, KillProducer: true, KillCore: true, Timeouts: 2},
	}
}
