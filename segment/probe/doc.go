// Package probe asks a segment's definition what it does to people: how many
// come and go when a threshold moves (Sensitivity), who fails by one condition
// alone (NearMisses), whom one definition has and another has not (Diff), and
// why a customer is in or out and what least change would turn that round
// (Why).
//
// It evaluates through package segment, all variants of a formula in one plan,
// so that they share what they load and scan. It finds no segments, words
// nothing for people, and knows no customer's id: customers are numbers.
package probe
