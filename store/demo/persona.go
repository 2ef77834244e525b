package demo

// A persona is a hidden kind of customer. Rates are in thousandths of an event
// a year, chances in thousandths.
type persona struct {
	name  string
	share int // of all customers, in thousandths
	// orders is the mean rate of purchases of an active customer; wide tells
	// that customers differ much from that mean (gamma of shape 2, not 6).
	orders int
	wide   bool
	rhythm rhythm
	// entry is the chance to buy within a week of signing up.
	entry int
	// drop is the chance that a purchase is the last before a pause; revive
	// the rate at which pauses end.
	drop, revive int
	// visits without a purchase a year, and how many are left in a pause.
	visits, idle int
	cart         int // chance that such a visit fills a cart
	hours        [24]int
	// items are the fewest and most lines of an order.
	items [2]int
	// gift and giftSeason are chances that an order is a present.
	gift, giftSeason int
	// discount and saleDiscount are chances that a line is marked down.
	discount, saleDiscount int
	// tries is how many products are looked at for a line; the dearest is
	// taken if positive, the cheapest if negative.
	tries int
	shop  int // chance to buy in one of the towns' shops
	// open and click (of the opened) mails; unsubscribe of each mail. Paused
	// customers open idleOpen.
	open, click, idleOpen, unsubscribe int
	// consent is the chance of having agreed to mails.
	consent    int
	age        [2]int
	categories []int // weights, in the order of shop.yaml
	score      int   // usual answer to a survey
	channels   []int // weights, in the order of shop.yaml
	devices    []int
	tag        int // index of a tag many of them carry, or −1
}

var (
	anyDay   = [7]int{95, 95, 98, 100, 108, 110, 100}
	weekends = [7]int{12, 10, 10, 10, 25, 340, 300}
	workdays = [7]int{125, 130, 130, 125, 100, 45, 45}

	daytime  = [24]int{2, 1, 0, 0, 0, 1, 4, 12, 25, 40, 55, 60, 55, 45, 35, 40, 50, 60, 65, 70, 75, 70, 45, 15}
	mornings = [24]int{0, 0, 0, 0, 0, 1, 8, 30, 70, 110, 120, 100, 60, 25, 12, 10, 10, 10, 8, 6, 5, 3, 1, 0}
	nights   = [24]int{25, 8, 2, 1, 0, 0, 0, 1, 2, 4, 5, 6, 8, 10, 10, 8, 8, 12, 20, 35, 65, 110, 140, 100}
	weekend  = [24]int{0, 0, 0, 0, 0, 0, 1, 4, 20, 50, 90, 110, 100, 70, 30, 30, 50, 80, 80, 50, 25, 12, 5, 1}
)

// The personas, in the order of their indices.
const (
	premium = iota
	family
	deals
	gifts
	single
	browser
	lapsing
	trend
)

// personas is the plant: doc.go prints it for people.
var personas = [...]persona{
	premium: {
		name: "premium loyalist", share: 70,
		orders: 5600, rhythm: rhythm{week: workdays}, entry: 900, drop: 10, revive: 900,
		visits: 2000, idle: 200, cart: 120, hours: mornings, items: [2]int{1, 2},
		gift: 40, giftSeason: 120, discount: 10, saleDiscount: 40, tries: 5, shop: 350,
		open: 550, click: 300, idleOpen: 200, unsubscribe: 1, consent: 880, age: [2]int{45, 72},
		categories: []int{4, 14, 4, 4, 14, 4, 0, 4, 18, 0, 14, 20}, score: 9,
		channels: []int{45, 10, 5, 35, 5}, devices: []int{20, 70, 10}, tag: 3,
	},
	family: {
		name: "weekend family", share: 140,
		orders: 2900, rhythm: rhythm{week: weekends}, entry: 700, drop: 20, revive: 700,
		visits: 1000, idle: 200, cart: 150, hours: weekend, items: [2]int{2, 4},
		gift: 30, giftSeason: 120, discount: 60, saleDiscount: 200, tries: -2, shop: 250,
		open: 320, click: 250, idleOpen: 80, unsubscribe: 4, consent: 720, age: [2]int{32, 48},
		categories: []int{6, 0, 8, 4, 12, 16, 26, 10, 0, 4, 0, 14}, score: 8,
		channels: []int{35, 20, 15, 25, 5}, devices: []int{60, 25, 15}, tag: 0,
	},
	deals: {
		name: "deal hunter", share: 140,
		orders: 2400, rhythm: rhythm{week: anyDay, inSale: 420, otherwise: 30}, entry: 100, drop: 25, revive: 700,
		visits: 1900, idle: 300, cart: 260, hours: daytime, items: [2]int{1, 3},
		gift: 20, giftSeason: 60, discount: 800, saleDiscount: 950, tries: -3, shop: 50,
		open: 420, click: 500, idleOpen: 120, unsubscribe: 5, consent: 800, age: [2]int{22, 66},
		categories: []int{16, 8, 18, 4, 6, 6, 2, 2, 18, 16, 2, 2}, score: 7,
		channels: []int{10, 35, 15, 5, 35}, devices: []int{45, 50, 5}, tag: -1,
	},
	gifts: {
		name: "gift season buyer", share: 120,
		orders: 1600, rhythm: rhythm{week: anyDay, inSale: 6, inGifts: 1100, otherwise: 6}, entry: 0, drop: 15, revive: 500,
		visits: 600, idle: 400, cart: 120, hours: daytime, items: [2]int{1, 3},
		gift: 500, giftSeason: 900, discount: 80, saleDiscount: 150, tries: 2, shop: 200,
		open: 220, click: 200, idleOpen: 60, unsubscribe: 5, consent: 650, age: [2]int{28, 70},
		categories: []int{0, 6, 4, 16, 8, 4, 22, 20, 4, 0, 0, 16}, score: 8,
		channels: []int{40, 25, 15, 15, 5}, devices: []int{45, 40, 15}, tag: -1,
	},
	single: {
		name: "one and done", share: 170,
		orders: 60, rhythm: rhythm{week: anyDay}, entry: 1000, drop: 900, revive: 30,
		visits: 400, idle: 900, cart: 80, hours: daytime, items: [2]int{1, 2},
		gift: 60, giftSeason: 200, discount: 300, saleDiscount: 450, tries: 1, shop: 30,
		open: 150, click: 120, idleOpen: 110, unsubscribe: 12, consent: 520, age: [2]int{19, 74},
		categories: []int{10, 8, 12, 10, 10, 10, 6, 8, 12, 10, 6, 6}, score: 7,
		channels: []int{15, 35, 15, 5, 30}, devices: []int{55, 40, 5}, tag: -1,
	},
	browser: {
		name: "browser who never buys", share: 200,
		orders: 0, rhythm: rhythm{week: anyDay}, entry: 0, drop: 0, revive: 0,
		visits: 2400, idle: 1000, cart: 110, hours: daytime, items: [2]int{1, 2},
		gift: 0, giftSeason: 0, discount: 0, saleDiscount: 0, tries: 1, shop: 0,
		open: 240, click: 200, idleOpen: 240, unsubscribe: 6, consent: 480, age: [2]int{18, 60},
		categories: []int{12, 10, 14, 12, 8, 6, 4, 6, 16, 8, 2, 2}, score: 6,
		channels: []int{25, 20, 40, 5, 10}, devices: []int{75, 18, 7}, tag: 2,
	},
	lapsing: {
		name: "lapsing mailer", share: 100,
		orders: 7500, wide: true, rhythm: rhythm{week: anyDay}, entry: 850, drop: 300, revive: 25,
		visits: 1000, idle: 60, cart: 120, hours: daytime, items: [2]int{1, 3},
		gift: 40, giftSeason: 150, discount: 120, saleDiscount: 250, tries: 1, shop: 80,
		open: 500, click: 300, idleOpen: 15, unsubscribe: 15, consent: 920, age: [2]int{24, 68},
		categories: []int{10, 8, 14, 12, 10, 10, 4, 8, 8, 8, 4, 4}, score: 6,
		channels: []int{25, 30, 20, 10, 15}, devices: []int{55, 38, 7}, tag: -1,
	},
	trend: {
		name: "night trend follower", share: 60,
		orders: 4200, rhythm: rhythm{week: anyDay}, entry: 800, drop: 25, revive: 700,
		visits: 3600, idle: 250, cart: 200, hours: nights, items: [2]int{1, 3},
		gift: 30, giftSeason: 80, discount: 150, saleDiscount: 350, tries: 1, shop: 20,
		open: 300, click: 400, idleOpen: 60, unsubscribe: 6, consent: 620, age: [2]int{18, 30},
		categories: []int{24, 12, 26, 32, 0, 0, 0, 2, 8, 0, 0, 0}, score: 8,
		channels: []int{10, 10, 65, 10, 5}, devices: []int{95, 3, 2}, tag: 2,
	},
}
