package perturb

import (
	"regexp"
	"strconv"
	"strings"
)

// values are the number words as a reader knows them, by hand and apart from
// the data that numbers are written from.
var values = map[string]map[string]int{
	"en": {
		"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	},
	"es": {
		"cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
		"once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
		"veinte": 20, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
		"treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
		"cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400,
		"quinientos": 500, "quinientas": 500, "seiscientos": 600, "seiscientas": 600, "setecientos": 700, "setecientas": 700,
		"ochocientos": 800, "ochocientas": 800, "novecientos": 900, "novecientas": 900,
	},
	"pt": {
		"zero": 0, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9, "dez": 10,
		"onze": 11, "doze": 12, "treze": 13, "catorze": 14, "quatorze": 14, "quinze": 15, "dezesseis": 16, "dezasseis": 16, "dezessete": 17, "dezassete": 17,
		"dezoito": 18, "dezenove": 19, "dezanove": 19, "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90,
		"cem": 100, "cento": 100, "duzentos": 200, "duzentas": 200, "trezentos": 300, "trezentas": 300, "quatrocentos": 400, "quatrocentas": 400,
		"quinhentos": 500, "quinhentas": 500, "seiscentos": 600, "seiscentas": 600, "setecentos": 700, "setecentas": 700,
		"oitocentos": 800, "oitocentas": 800, "novecentos": 900, "novecentas": 900,
	},
}

var (
	joiners  = map[string]string{"en": "and", "es": "y", "pt": "e"}
	thousand = map[string]string{"en": "thousand", "es": "mil", "pt": "mil"}
	grouping = map[string]string{"en": ",", "es": ".", "pt": "."}
	lexemes  = regexp.MustCompile(`\d+(?:[.,]\d+)*k?|[\p{L}_]+|%|\S`)
)

// figuresOf reads the numbers of a text in order: a word adds to the number
// before it where it is the smaller one of another magnitude, as a listener
// does. A quotation, one and a percent sign count as nothing.
func figuresOf(lang, text string) []int {
	var list []int
	text = strings.NewReplacer("por ciento", "%", "por cento", "%").Replace(strings.ToLower(withoutMarks(text)))
	words := lexemes.FindAllString(text, -1)
	open, sum := false, 0 // sum is the number being said
	flush := func() {
		if open {
			list = append(list, sum)
		}
		open, sum = false, 0
	}
	fits := func(v int) bool {
		for _, magnitude := range []int{10, 100, 1000} {
			if v > 0 && v < magnitude {
				return sum > 0 && sum%magnitude == 0
			}
		}
		return false
	}
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		v, isValue := values[lang][w]
		switch {
		case w == thousand[lang]:
			if !open || sum == 0 {
				flush()
				sum, open = 1, true
			}
			sum *= 1000
		case lang == "en" && w == "hundred":
			if open && sum < 10 {
				sum *= 100
			} else {
				flush()
				sum, open = 100, true
			}
		case w == "one" && next != "hundred" && next != "thousand" && !(open && fits(1)):
			flush()
		case isValue && open && fits(v):
			sum += v
		case isValue:
			flush()
			sum, open = v, true
		case w == joiners[lang] && open && fits(values[lang][next]), w == "-" && open && fits(values[lang][next]):
		case w[0] >= '0' && w[0] <= '9':
			flush()
			digits, k := strings.CutSuffix(strings.ReplaceAll(w, grouping[lang], ""), "k")
			if n, err := strconv.Atoi(digits); err == nil {
				if k {
					n *= 1000
				}
				list = append(list, n)
			}
		default:
			flush()
		}
	}
	flush()
	return list
}
