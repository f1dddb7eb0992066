"""What if: a commissioner adds a service, or takes one away, on paper, and sees what would change. Nothing is stored."""
