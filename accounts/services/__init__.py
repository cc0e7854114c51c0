"""Every write to people and agencies: each is one transaction with its Event."""
