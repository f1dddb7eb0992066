"""Facts of advice pages: amounts of money, the front door's line, pages that are still right."""
