"""The directory of services: tables, opening hours, freshness, and Open Referral in."""
