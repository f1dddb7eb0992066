"""What came of plans and requests, by locality and quarter: counts that were made as it happened, shown so that nobody is found."""
