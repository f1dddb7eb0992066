"""Whether listings are still right: who is due to be asked, reminders, the link that confirms, and the council's telephone."""
