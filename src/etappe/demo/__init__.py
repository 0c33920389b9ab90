"""The sample company: a simulator with known truth that writes raw exports."""
