package wire

import "context"

func nothing(context.Context, Delivery) {}
