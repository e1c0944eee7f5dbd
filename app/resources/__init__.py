"""The Flask-RESTful resources: each answers one address, as JSON and as a page."""
