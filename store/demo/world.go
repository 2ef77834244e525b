package demo

// world is what all customers share: the shop, the calendar and the tables
// that draws go by. It is read-only once made.
type world struct {
	seed      uint64
	shop      *shop
	shares    []int // cumulated, by persona
	countries []int
	signups   []int // by day
	kinds     [len(personas)]kind
}

// kind is a persona's tables.
type kind struct {
	buying, browsing []int // weight of each day in 1/1024
	hours            []int
	categories       []int
	channels         []int
	devices          []int
}

// Weights of the countries, in the order of shop.yaml.
var countryWeights = []int{52, 27, 21}

func newWorld(seed uint64) (*world, error) {
	s, err := openShop()
	if err != nil {
		return nil, err
	}
	w := &world{seed: seed, shop: s, countries: cumulate(countryWeights...)}
	shares := make([]int, len(personas))
	for i := range personas {
		p := &personas[i]
		shares[i] = p.share
		w.kinds[i] = kind{
			buying:     p.rhythm.weights(),
			browsing:   rhythm{week: p.rhythm.week}.weights(),
			hours:      cumulate(p.hours[:]...),
			categories: cumulate(p.categories...),
			channels:   cumulate(p.channels...),
			devices:    cumulate(p.devices...),
		}
	}
	w.shares = cumulate(shares...)
	signups := make([]int, days)
	for d := range signups {
		signups[d] = everyday(d) * signing(d)
	}
	w.signups = cumulate(signups...)
	return w, nil
}

// signing is how many customers sign up on a day, before the season: a rush in
// the first sixty days of the shop, then growth from 100 to 160.
func signing(d int) int {
	return 100 + d*60/days + 12*max(0, 60-d)
}
