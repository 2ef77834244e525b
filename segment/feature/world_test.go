package feature_test

import (
	"testing"

	"tesela/segment/segmenttest"
)

const zoo = `load
zone Europe/Madrid
currency EUR 2
role purchase order
role amount order.amount
role quantity order.quantity
role category order.category
role product order.product
role refund refund
role visit visit
role email email
role name name
role birthday born
role country country
role signup joined
role consent ok_mail
role send send
role open open
role campaign send.campaign
customers country:text email:text name:text born:date joined:time ok_mail:bool size:number member_id:number tags:tags
  ana  ES a@x Ana  1990-06-15 2024-01-05T10:00 true  3   1001 vip|new
  bob  ES b@x Bob  1955-03-01 2024-02-05T23:59 false 1.5 1002 vip
  cleo PT c@x Cleo -          2024-03-05T00:00 -     -   1003 -
  dan  PT d@x Dan  2000-02-29 2025-01-31T12:00 true  0.1 1004 new
  eve  -  e@x Eve  1990-06-16 -                false 7   1005 -
  fay  ES f@x Fay  1990-06-14 2025-09-01T08:00 true  2   1006 -
event order id amount:money quantity:number category:text product:text payment_method:text gift:bool discount:money
  ana 2025-05-03T10:00 o1 10.00 1 Shoes s1 card  true  1.00
  ana 2025-05-03T10:00 o1 5.55  2 Bags  b1 card  false -
  ana 2025-05-06T20:00 o2 20.01 1 Shoes s2 cash  false -
  ana 2025-05-09T02:00 o3 7.00  3 Hats  h1 card  false -
  bob 2025-06-01T13:00 o4 99.99 1 Bags  b2 cash  true  5.00
  bob 2024-01-01T13:00 o5 50.00 1 Bags  b2 cash  true  -
  dan 2025-06-07T09:00 o6 3.33  7 Shoes s1 -     -     -
  dan 2025-06-08T09:00 o7 3.33  1 Shoes s1 card  -     -
  dan 2025-06-09T09:00 o8 3.33  1 Hats  s1 card  -     -
event refund amount:money
  ana 2025-05-20T10:00 5.55
event visit device:text
  ana 2025-06-10T10:00 phone
  bob 2025-06-11T10:00 desktop
  eve 2025-06-12T10:00 phone
event send campaign:text
  ana 2025-06-01T10:00 A
  bob 2025-06-01T10:00 A
  eve 2025-06-01T10:00 B
event open campaign:text
  ana 2025-06-02T10:00 A
at 2025-06-16
`

// world reads a world and its source.
func world(t *testing.T, text string) (*segmenttest.World, *segmenttest.Source, segmenttest.Case) {
	t.Helper()
	cases, err := segmenttest.ParseFile("world", text+"eval everyone -> none\n")
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return cases[0].World, src, cases[0]
}
