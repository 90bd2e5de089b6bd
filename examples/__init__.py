"""The bundled example: an invented company, its CRM export, and what was planted in it."""
