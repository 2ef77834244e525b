// Package attacks tries what hostile texts can bring about: each case plants a
// payload in the data, in the conversation or in a question, asks, and lets a
// model that obeys the attacker do what the payload says, through the real
// client library over real tools and a real workspace. What came of it is
// judged by looking at the workspace, at the bytes that left and at what people
// see, with checks of its own. It defends nothing, and tries no real model.
package attacks
