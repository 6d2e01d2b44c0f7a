"""What a page gives to others: its description and picture, how it is cited, and where all pages are."""
