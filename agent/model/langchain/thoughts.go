package langchain

import "strings"

// What models write around their thoughts where these come as text.
var thoughtMarks = [][2]string{{"<think>", "</think>"}, {"<thinking>", "</thinking>"}}

// speech is a text without the thoughts at its beginning. Thoughts that do not
// end are all of it.
func speech(text string) string {
	for {
		begun, thought := strings.TrimLeft(text, " \t\r\n"), false
		for _, mark := range thoughtMarks {
			rest, ok := strings.CutPrefix(begun, mark[0])
			if !ok {
				continue
			}
			_, after, ended := strings.Cut(rest, mark[1])
			if !ended {
				return ""
			}
			text, thought = strings.TrimLeft(after, " \t\r\n"), true
			break
		}
		if !thought {
			return text
		}
	}
}
