"""The page's server: a door that asks the workspace and answers, and does no thinking."""
