"""The command line: asks the workspace and prints."""
