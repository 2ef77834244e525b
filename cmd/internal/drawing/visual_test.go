package drawing

import "testing"

// Hebrew words run to the left, numbers in them to the right, and what stands
// around them stays where it is.
func TestVisualOrder(t *testing.T) {
	for text, want := range map[string]string{
		"":               "",
		"plain (1)":      "plain (1)",
		"אבג":            "גבא",
		"a אבג b":        "a גבא b",
		"אב גד":          "דג בא",
		"אב 12.5 גד":     "דג 12.5 בא",
		"אב 12":          "בא 12",
		"אב (גד) ה":      "ה (דג) בא",
		"x אב, y גד z":   "x בא, y דג z",
		"אב\u05b0ג":      "גב\u05b0א",
		"€12,50 אב 3 ג!": "€12,50 ג 3 בא!",
	} {
		if got := visual(text); got != want {
			t.Errorf("%q is drawn as %q, want %q", text, got, want)
		}
	}
}
