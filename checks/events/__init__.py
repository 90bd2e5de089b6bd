"""What happened in a CRM: histories and activities, cleaned of what no person did."""
