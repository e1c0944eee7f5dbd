"""The offline build: from a museum's records and images to a published release."""
