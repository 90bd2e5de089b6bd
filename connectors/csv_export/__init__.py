"""Read the exports that CRM users download: CSV, workbook, zip, folder."""
