package planner

import "testing"

func TestAValueMaySayThatThereIsNone(t *testing.T) {
	ix := &index{th: &thesaurus{nothing: map[string]bool{"none": true, "nenhum": true, "sin …": true}}}
	for _, c := range []struct {
		name   string
		values levelNames
		want   string
	}{
		{"insurance_plan", levelNames{"Aetna", "None"}, "None"},
		{"seguro", levelNames{"ADSE", "Nenhum"}, "Nenhum"},
		{"mutua", levelNames{"Asisa", "Sin mutua"}, "Sin mutua"},
		{"diagnostico", levelNames{"miopia", "sin alteraciones"}, ""},
		{"plan", levelNames{"Gold", "Basic"}, ""},
	} {
		if got, _ := ix.noSuch(field{name: c.name, kind: "text", values: c.values}); got != c.want {
			t.Errorf("%s: %q, wanted %q", c.name, got, c.want)
		}
	}
}

type levelNames []string

func (t levelNames) Len() int        { return len(t) }
func (t levelNames) At(i int) string { return t[i] }
