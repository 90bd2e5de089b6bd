"""The forecast that the CRM would have given at each month end, held against what was won."""
