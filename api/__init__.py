"""HTTP around the formulas: requests in, answers with receipts out. No arithmetic here."""
