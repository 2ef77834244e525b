package chat

import "strings"

// backgroundOf reads what the environment tells of the terminal's background,
// for terminals that do not answer when asked: COLORFGBG is "text;ground" in
// numbers of the terminal's palette, of which 7 and 15 are light.
func backgroundOf(environment []string) background {
	found := unknown
	for _, entry := range environment {
		value, ok := strings.CutPrefix(entry, "COLORFGBG=")
		if !ok {
			continue
		}
		switch value[strings.LastIndexByte(value, ';')+1:] {
		case "7", "15":
			found = light
		case "0", "1", "2", "3", "4", "5", "6", "8":
			found = dark
		}
	}
	return found
}
