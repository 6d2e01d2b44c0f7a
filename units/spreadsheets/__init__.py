"""Tables for spreadsheets: CSV and XLSX, in which no text can become a formula."""
