package segmenttest

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"tesela/segment/column"
)

// scenes are places and days on which something happens to the calendar.
var scenes = []struct{ zone, day string }{
	{"Europe/London", "2011-03-27"},
	{"Europe/London", "2011-10-30"},
	{"America/New_York", "2012-03-11"},
	{"America/New_York", "2012-11-04"},
	{"America/Sao_Paulo", "2018-11-04"}, // midnight is missing
	{"America/Havana", "2018-11-04"},    // midnight comes twice
	{"Australia/Lord_Howe", "2012-04-01"},
	{"Pacific/Apia", "2011-12-31"}, // the day before never was
	{"UTC", "2012-02-29"},
	{"Asia/Tokyo", "2012-01-01"},
	{"Europe/Madrid", "2020-12-31"},
	{"Europe/Madrid", "2019-05-30"}, // months are clamped
	{"UTC", "2019-03-29"},
	{"Australia/Lord_Howe", "2012-10-07"}, // by half an hour
	{"Pacific/Chatham", "2012-04-01"},     // a zone of quarters of an hour
	{"Asia/Kathmandu", "2012-01-01"},
	{"Asia/Pyongyang", "2018-05-05"}, // at half past eleven the day was over
	{"America/Caracas", "2016-05-01"},
	{"America/St_Johns", "2010-11-07"}, // at a minute past midnight
	{"Antarctica/Troll", "2012-03-25"}, // by two hours
	{"Africa/Casablanca", "2012-07-20"},
	{"Europe/Dublin", "2012-10-28"},
	{"Pacific/Kwajalein", "1993-08-22"}, // the day before never was
	{"Africa/Monrovia", "1972-01-07"},   // its clock went by a fraction of a minute
}

// style is what the figures of a world are like, so that columns come in all
// widths: of times, of numbers, and of money in minor units.
type style struct {
	grain   time.Duration // 0: any microsecond
	numbers []float64
	money   []int64
}

func (r *Random) newStyle() style {
	return style{
		pick(r, 0, time.Second, time.Minute, time.Minute, time.Hour),
		pick(r,
			[]float64{0, 0.1, 0.2, 0.1 + 0.2, 1, 2, 2.5, -3, 1e300, -1e300, 7},
			[]float64{0, 1, 2, 3, 7},
			[]float64{-3, 0, 0.25, 2.5, 10, 199},
			[]float64{0.1, 0.3, 1, 7, 65000, 70000},
			[]float64{1, 2, 1e12, -1e12},
		),
		pick(r,
			[]int64{0, 1, 10, 99, 100, 1000, 1000, 2550, -500},
			[]int64{0, 1, 10, 100, 100, 250},
			[]int64{100, 1000, 2500, 2500, 70_000, 65_535},
			[]int64{-1, 1, 99, 100_000, 3_999_999_999},
			[]int64{1, 100, 4_000_000_000_000_000, -4_000_000_000_000_000},
		),
	}
}

// World makes a world and the instant T to look at it from.
func (r *Random) World() (*World, time.Time) {
	scene := scenes[r.IntN(len(scenes))]
	zone, err := time.LoadLocation(scene.zone)
	if err != nil {
		zone = time.UTC
	}
	day, _ := time.ParseInLocation(time.DateOnly, scene.day, zone)
	r.at = day.AddDate(0, 0, r.IntN(4))
	if r.often(30) {
		r.at = r.at.Add(time.Duration(r.IntN(48*60)) * time.Minute)
	}
	r.style, r.last.event = r.newStyle(), ""
	w := &World{Zone: zone, Currency: "EUR", Digits: pick(r, 0, 2, 2, 2, 3), Roles: map[string]string{}, Saved: map[string]string{}}
	r.w = w
	w.Traits = []Field{
		{"country", column.Text},
		{"twin", column.Text},
		{"age", column.Number},
		{"budget", column.Money},
		{"vip", column.Bool},
		{"birthday", column.Date},
		{"signup", column.Time},
		{"labels", column.Tags},
	}
	w.Events = []Kind{
		{"visit", false, []Field{{"page", column.Text}, {"secs", column.Number}}},
		{"order", true, []Field{
			{"amount", column.Money},
			{"category", column.Text},
			{"gift", column.Bool},
			{"due", column.Date},
			{"sent", column.Time},
			{"marks", column.Tags},
			{"price", column.Number},
		}},
	}
	for i := range r.IntN(9) {
		w.Customers = append(w.Customers, Customer{ID: fmt.Sprintf("c%d", i), Traits: r.values(w.Traits)})
	}
	if len(w.Customers) > 0 && r.often(95) {
		r.rows()
	}
	return w, r.at
}

func (r *Random) rows() {
	n, customers := r.IntN(40), len(r.w.Customers)
	if r.often(6) { // few customers with many rows
		n, customers = 80+r.IntN(200), 1+r.IntN(min(2, customers))
	}
	for range n {
		e := r.w.Events[r.IntN(2)]
		row := Row{Event: e.Name, Customer: r.IntN(customers), Time: r.time(), Props: r.values(e.Props)}
		if e.Tied && r.often(90) {
			row.ID = fmt.Sprintf("o%d", r.IntN(12))
		}
		r.w.Rows = append(r.w.Rows, row)
		if e.Tied && r.often(60) { // the event's next row, at the same time as a rule
			next := Row{Event: e.Name, Customer: row.Customer, Time: row.Time, ID: row.ID, Props: r.values(e.Props)}
			if r.often(15) {
				next.Time = r.time()
			}
			r.w.Rows = append(r.w.Rows, next)
		}
	}
}

// time is near T, sometimes T itself, and often the same as others.
func (r *Random) time() time.Time {
	t := r.anyTime()
	if r.style.grain > 0 {
		t = t.Truncate(r.style.grain)
	}
	return t
}

func (r *Random) anyTime() time.Time {
	y, m, d := r.at.In(r.w.Zone).Date()
	switch r.IntN(10) {
	case 0:
		return r.at
	case 1:
		return r.at.Add(time.Duration(r.IntN(3)-1) * time.Microsecond)
	case 2:
		return time.Date(y, m, d-r.IntN(4), 0, 0, 0, 0, r.w.Zone).Add(time.Duration(r.IntN(3)-1) * time.Microsecond)
	case 3, 4:
		return time.Date(y, m, d-r.IntN(800), r.IntN(24), 0, 0, 0, r.w.Zone)
	case 5:
		return r.at.Add(time.Duration(r.IntN(2000)) * time.Minute)
	default:
		return r.at.Add(-time.Duration(r.IntN(24*30)) * time.Hour)
	}
}

func (r *Random) values(fields []Field) map[string]any {
	values := map[string]any{}
	for _, f := range fields {
		if r.often(80) {
			values[f.Name] = r.one(f.Kind)
		}
	}
	return values
}

var words = []string{"Shoes", "Bags", "shoes", "Café", "CAFE", "São Paulo", "sao tome", "straße", "日本"}

func (r *Random) one(k column.Kind) any {
	switch k {
	case column.Text:
		return pick(r, words...)
	case column.Number:
		return pick(r, r.style.numbers...)
	case column.Money:
		scale := int64(1)
		for range r.w.Digits {
			scale *= 10
		}
		return big.NewRat(pick(r, r.style.money...), scale)
	case column.Bool:
		return r.often(50)
	case column.Date:
		y, m, d := r.at.Date()
		if r.often(20) {
			return time.Date(pick(r, 1990, 1992, 2000), 2, pick(r, 28, 29), 0, 0, 0, 0, time.UTC)
		}
		return time.Date(y-r.IntN(3), m, d+r.IntN(9)-4, 0, 0, 0, 0, time.UTC)
	case column.Time:
		return r.time()
	default:
		var tags []string
		for range 1 + r.IntN(3) {
			if tag := pick(r, "new", "VIP", "vip-gold", "Über"); !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
		return tags
	}
}
