"""What happened, in order: touchpoints, channels, stages, journeys, roles."""
