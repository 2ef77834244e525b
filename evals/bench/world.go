package bench

import (
	"iter"
	"math"
	"math/rand/v2"
	"time"
)

// Size is how large a world is.
type Size struct {
	Name      string
	Customers int
}

// Sizes by name; a world has about ten rows per customer.
var Sizes = []Size{
	{"tiny", 5_000},
	{"small", 50_000},
	{"1m", 1_000_000},
	{"10m", 10_000_000},
}

// FindSize finds a size by name.
func FindSize(name string) (Size, bool) {
	for _, s := range Sizes {
		if s.Name == name {
			return s, true
		}
	}
	return Size{}, false
}

// What the world is made of. Each product is of one category.
var (
	Categories = []string{"Shoes", "Bags", "Hats", "Coats", "Belts", "Socks", "Gloves", "Scarves", "Shirts", "Dresses", "Watches", "Umbrellas"}
	Countries  = []string{
		"Germany", "France", "Spain", "Italy", "Portugal", "Netherlands", "Belgium", "Austria", "Poland", "Sweden",
		"Denmark", "Norway", "Finland", "Ireland", "Greece", "Czechia", "Hungary", "Romania", "Croatia", "Latvia",
	}
)

// Products is how many products there are.
const Products = 2000

// End is the instant every question is asked at: the midnight after the last
// row, which is also the workspace's default.
var End = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// firstSignup is the first day somebody signed up.
var firstSignup = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	second = int64(1e6)
	day    = 86400 * second
)

// Block is the traits and rows of neighbouring customers. Rows are by
// customer, then time, as they are to be stored.
type Block struct {
	First, Customers int
	Country          []uint8 // by customer: 0 is unset, else 1 + index into Countries
	Signup           []int64 // by customer: days since 1970-01-01

	// Order lines. Lines of one order share customer, time and number.
	OrderWho      []uint32
	OrderTime     []int64
	OrderID       []uint32 // from 1, ascending
	OrderCategory []uint8  // index into Categories
	OrderProduct  []uint16
	OrderAmount   []int64 // cents

	VisitWho     []uint32
	VisitTime    []int64
	VisitSection []uint8 // index into Categories

	CartWho     []uint32
	CartTime    []int64
	CartProduct []uint16

	RefundWho    []uint32
	RefundTime   []int64
	RefundAmount []int64 // cents
}

// Rows is the number of rows of all events.
func (b *Block) Rows() int {
	return len(b.OrderWho) + len(b.VisitWho) + len(b.CartWho) + len(b.RefundWho)
}

// blockCustomers bounds the memory of making a world.
const blockCustomers = 100_000

// Blocks makes the world block by block: equal sizes give equal rows on every
// machine. A block is valid until the next.
//
// Customers differ: a third never buys, the rest by a log-normal rate; four in
// ten leave somewhere on the way. Orders have two lines on average; a third of
// them follow a visit and a cart of the same day. Products are bought by a
// steep curve. Times are whole seconds; those of visits, carts, orders and
// refunds are 0 to 3 modulo 4, so that rows of different events never tie.
func (s Size) Blocks() iter.Seq[*Block] {
	return func(yield func(*Block) bool) {
		m := &maker{}
		for first := 0; first < s.Customers; first += blockCustomers {
			m.reset(first)
			for c := first; c < min(first+blockCustomers, s.Customers); c++ {
				m.customer(c)
			}
			if !yield(&m.Block) {
				return
			}
		}
	}
}

type maker struct {
	Block
	orders uint32 // made so far
	rng    *rand.Rand
	pcg    rand.PCG

	visits, carts, bought, refunds []happening
}

type happening struct {
	at   int64
	what uint16
	sum  int64
}

func (m *maker) reset(first int) {
	b := &m.Block
	*b = Block{
		First: first, Country: b.Country[:0], Signup: b.Signup[:0],
		OrderWho: b.OrderWho[:0], OrderTime: b.OrderTime[:0], OrderID: b.OrderID[:0],
		OrderCategory: b.OrderCategory[:0], OrderProduct: b.OrderProduct[:0], OrderAmount: b.OrderAmount[:0],
		VisitWho: b.VisitWho[:0], VisitTime: b.VisitTime[:0], VisitSection: b.VisitSection[:0],
		CartWho: b.CartWho[:0], CartTime: b.CartTime[:0], CartProduct: b.CartProduct[:0],
		RefundWho: b.RefundWho[:0], RefundTime: b.RefundTime[:0], RefundAmount: b.RefundAmount[:0],
	}
}

// CategoryOf gives a product's category.
func CategoryOf(product uint16) uint8 {
	return uint8(uint32(product) * 2654435761 >> 7 % uint32(len(Categories)))
}

// customer makes one customer's traits and rows, from a seed of his own.
func (m *maker) customer(c int) {
	m.pcg.Seed(20250101, uint64(c))
	if m.rng == nil {
		m.rng = rand.New(&m.pcg)
	}
	r := m.rng
	m.Customers++
	country := uint8(0)
	if r.IntN(100) >= 3 {
		country = 1 + uint8(math.Pow(float64(len(Countries)), r.Float64())-1)
	}
	signup := firstSignup.Unix()/86400 + r.Int64N(End.Unix()/86400-firstSignup.Unix()/86400-1)
	m.Country, m.Signup = append(m.Country, country), append(m.Signup, signup)

	from, to := signup*day, End.UnixMicro()
	if r.IntN(10) < 4 {
		to = from + 1 + r.Int64N(to-from)
	}
	m.visits, m.carts, m.bought, m.refunds = m.visits[:0], m.carts[:0], m.bought[:0], m.refunds[:0]
	orders := 0
	if r.IntN(100) < 65 {
		orders = poisson(r, 4.6*math.Exp(0.9*r.NormFloat64()-0.405))
	}
	for range orders {
		at := when(r, from, to, 2)
		product := pick(r)
		m.bought = append(m.bought, happening{at: at, what: product})
		if r.IntN(100) < 35 {
			m.visits = append(m.visits, happening{at: before(at, 3600+r.Int64N(20*3600), 0), what: uint16(CategoryOf(product))})
			m.carts = append(m.carts, happening{at: before(at, 60+r.Int64N(3500), 1), what: product})
		}
		if r.IntN(1000) < 35 {
			m.refunds = append(m.refunds, happening{at: min(at+r.Int64N(20)*day+second, End.UnixMicro()-second), sum: 500 + r.Int64N(9500)})
		}
	}
	for range poisson(r, 1.5) {
		at, section := when(r, from, to, 0), uint16(r.IntN(len(Categories)))
		m.visits = append(m.visits, happening{at: at, what: section})
		if r.IntN(100) < 17 {
			if at += 60*second + r.Int64N(4*3600)*second; at < End.UnixMicro() {
				m.carts = append(m.carts, happening{at: at/(4*second)*(4*second) + second, what: pick(r)})
			}
		}
	}
	m.write(uint32(c), r)
}

// write appends the customer's rows in the order of time.
func (m *maker) write(who uint32, r *rand.Rand) {
	for _, all := range [][]happening{m.visits, m.carts, m.bought, m.refunds} {
		for i := 1; i < len(all); i++ { // few, and mostly in order of making
			for k := i; k > 0 && all[k].at < all[k-1].at; k-- {
				all[k], all[k-1] = all[k-1], all[k]
			}
		}
	}
	for _, v := range m.visits {
		m.VisitWho, m.VisitTime, m.VisitSection = append(m.VisitWho, who), append(m.VisitTime, v.at), append(m.VisitSection, uint8(v.what))
	}
	for _, v := range m.carts {
		m.CartWho, m.CartTime, m.CartProduct = append(m.CartWho, who), append(m.CartTime, v.at), append(m.CartProduct, v.what)
	}
	for _, v := range m.refunds {
		at := v.at/(4*second)*(4*second) + 3*second
		m.RefundWho, m.RefundTime, m.RefundAmount = append(m.RefundWho, who), append(m.RefundTime, at), append(m.RefundAmount, v.sum)
	}
	for _, v := range m.bought {
		m.orders++
		product := v.what
		for line := 0; line == 0 || r.IntN(2) == 0; line++ {
			if line > 0 {
				product = pick(r)
			}
			base := 500 + int64(uint32(product)*40503%9500)
			m.OrderWho, m.OrderTime, m.OrderID = append(m.OrderWho, who), append(m.OrderTime, v.at), append(m.OrderID, m.orders)
			m.OrderCategory, m.OrderProduct = append(m.OrderCategory, CategoryOf(product)), append(m.OrderProduct, product)
			m.OrderAmount = append(m.OrderAmount, base*(1+r.Int64N(3)))
		}
	}
}

// when is an instant in [from, to), a whole second of the given remainder
// modulo four.
func when(r *rand.Rand, from, to, remainder int64) int64 {
	return (from+r.Int64N(to-from))/(4*second)*(4*second) + remainder*second
}

func before(at, seconds, remainder int64) int64 {
	return (at-seconds*second)/(4*second)*(4*second) + remainder*second
}

// pick is a product; the most popular hundredth makes a fifth of all sales.
func pick(r *rand.Rand) uint16 {
	u := r.Float64()
	return uint16(Products * u * u * u)
}

func poisson(r *rand.Rand, mean float64) int {
	limit, p := math.Exp(-min(mean, 200)), 1.0
	for n := 0; ; n++ {
		if p *= r.Float64(); p < limit {
			return n
		}
	}
}
