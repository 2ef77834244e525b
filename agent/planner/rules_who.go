package planner

// whoSets are the rules of who is meant: what people did, did not, only did,
// when and in which order.
func whoSets() []map[pair]rule {
	return []map[pair]rule{
		birthdayRules(), aheadRules(), tenureRules(), datedRules(), stoppedRules(), onlyRules(), everyRules(), firstRules(), inOrderRules(), fractionRules(),
		boundRules(), smallRules(), againRules(), flagRules(), bothRules(), oneByOneRules(), askTimesRules(), thenRules(), afterwardsRules(), meanEachRules(),
	}
}
