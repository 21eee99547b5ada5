"""The pages of the criteria: qualify leads, and agree on what sales-ready means."""
