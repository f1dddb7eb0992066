"""From needs to help: a plan of urgent help, small steps, local services, advice and somebody to ring, each with its reason."""
