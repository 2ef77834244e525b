package demo

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed shop.yaml
var shopYAML []byte

// shop is what shop.yaml says, and the products made from it.
type shop struct {
	Categories []category `yaml:"categories"`
	Oddities   []struct {
		Category, Brand, Name string
		Price                 int
	} `yaml:"oddities"`
	Payments  []string  `yaml:"payments"`
	Stores    []string  `yaml:"stores"`
	Devices   []string  `yaml:"devices"`
	Sources   []string  `yaml:"sources"`
	Topics    []string  `yaml:"topics"`
	Channels  []string  `yaml:"channels"`
	Tiers     []string  `yaml:"tiers"`
	Genders   []string  `yaml:"genders"`
	Tags      []string  `yaml:"tags"`
	Countries []country `yaml:"countries"`

	products []product
	// shelves are the products of each category, popular ones likelier.
	shelves []shelf
	brands  []string
}

type category struct {
	Name      string   `yaml:"name"`
	Low, High int      // cents
	Brands    []string `yaml:"brands"`
	Products  []string `yaml:"products"`
}

type country struct {
	Name     string   `yaml:"name"`
	Language string   `yaml:"language"`
	Phone    string   `yaml:"phone"`
	Cities   []string `yaml:"cities"`
	Female   []string `yaml:"female"`
	Male     []string `yaml:"male"`
	Surnames []string `yaml:"surnames"`
}

type product struct {
	name            string
	category, brand int
	price           int // cents
}

type shelf struct {
	products  []int
	cumulated []int
}

// brandsEach is how many brands make each kind of product.
const brandsEach = 3

// openShop reads shop.yaml and fills the shelves.
func openShop() (*shop, error) {
	s := new(shop)
	if err := yaml.UnmarshalWithOptions(shopYAML, s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the demo's shop.yaml: %w", err)
	}
	brandOf := map[string]int{}
	brand := func(name string) int {
		i, ok := brandOf[name]
		if !ok {
			i = len(s.brands)
			brandOf[name] = i
			s.brands = append(s.brands, name)
		}
		return i
	}
	s.shelves = make([]shelf, len(s.Categories))
	put := func(p product) {
		sh := &s.shelves[p.category]
		n, sum := len(sh.products), 0
		if n > 0 {
			sum = sh.cumulated[n-1]
		}
		// A product's popularity falls with its place on the shelf.
		sh.products = append(sh.products, len(s.products))
		sh.cumulated = append(sh.cumulated, sum+3000/(n+4))
		s.products = append(s.products, p)
	}
	for k := range brandsEach {
		for c := range s.Categories {
			cat := &s.Categories[c]
			for i, name := range cat.Products {
				b := (i*2 + k) % len(cat.Brands)
				// Prices step through the category's span and end in .90.
				price := cat.Low + (cat.High-cat.Low)*((i*37+k*29)%100)/100
				put(product{
					name:     cat.Brands[b] + " " + name,
					category: c, brand: brand(cat.Brands[b]),
					price: price/100*100 + 90,
				})
			}
		}
	}
	for _, o := range s.Oddities {
		for c := range s.Categories {
			if s.Categories[c].Name == o.Category {
				put(product{name: o.Name, category: c, brand: brand(o.Brand), price: o.Price})
			}
		}
	}
	return s, nil
}

// take draws a product of a category: of several looked at, the dearest if
// tries is positive, else the cheapest.
func (s *shop) take(r *stream, category, tries int) int {
	sh := &s.shelves[category]
	best := sh.products[r.pick(sh.cumulated)]
	for range max(tries, -tries) - 1 {
		p := sh.products[r.pick(sh.cumulated)]
		if dearer := s.products[p].price > s.products[best].price; dearer == (tries > 0) {
			best = p
		}
	}
	return best
}
