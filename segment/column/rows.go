package column

// Rows are event rows as they arrive, in stored order: unsorted, customers by
// number. A store sorts them into a Table.
type Rows struct {
	Customers []uint32
	Times     []int64
	// IDs as in Table.IDs; nil where the rows have none.
	IDs []uint32
	// Props by name, each as long as Customers. Text codes are those of the
	// batch's Interner for the property.
	Props map[string]*Column
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.Customers) }
