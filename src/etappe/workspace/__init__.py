"""The bridge: one customer's folder, and the only room that knows both towers."""
