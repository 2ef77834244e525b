package bench

import "tesela/segment"

// layers are the analyses that formulas may name.
func layers() []segment.Option { return nil }
