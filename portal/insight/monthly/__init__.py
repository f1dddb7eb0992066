"""Over time: what there was in each month, remembered under the localities of its day, and shown as lines."""
