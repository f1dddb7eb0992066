"""What people see of every page: the frame, components, filters, icons, style. Knows no domain."""
