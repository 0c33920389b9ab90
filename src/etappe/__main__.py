"""`python -m etappe`: the command line."""

from etappe.cli.main import main

if __name__ == "__main__":
    main()
