"""An account closed: by whoever has it, or by an administrator; what that means, said first."""
