"""Where the project's figures come from: `make bench`."""
