"""Who is who: identifiers to persons, persons to accounts, each link with its reason."""
